"""The events that mkdocs.yml's `hooks:` names, all of them; the work is in the package."""

from onrecord.site.mkdocs import SiteBuild

globals().update(SiteBuild().events())
