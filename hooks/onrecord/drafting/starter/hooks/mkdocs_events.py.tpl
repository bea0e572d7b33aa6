"""The events that mkdocs.yml's `hooks:` names. Assignments only; the work is in the package."""

from onrecord.site.mkdocs import SiteBuild

_site = SiteBuild()

on_startup = _site.on_startup
on_config = _site.on_config
on_files = _site.on_files
on_page_read_source = _site.on_page_read_source
on_page_markdown = _site.on_page_markdown
on_page_content = _site.on_page_content
on_env = _site.on_env
on_post_page = _site.on_post_page
on_post_build = _site.on_post_build
on_build_error = _site.on_build_error
on_shutdown = _site.on_shutdown
