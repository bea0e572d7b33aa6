"""The Content-Security-Policy of one build: learnt from empty pages, put into every other.

What is in a page is never trusted because it is there: that would bless what somebody
injected. Each template is rendered with an empty page and sent through the plugins, and what
comes out of that is trusted, overrides of the owner included.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import get_relative_url, is_error_template

from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.plugins.neighbours import SOURCE
from onrecord.site.mkdocs.rebuild.folder import SiteFolder
from onrecord.site.policy import (
    FRAMES,
    SCRIPTS,
    STYLES,
    PolicyOption,
    SitePolicy,
    WrongPolicyError,
    option_of,
)

OPTION = "csp"

_REFUSED = (
    "{}: the policy of the site refuses an inline script that begins `{}`. Put it into a file that "
    "mkdocs.yml names under `extra_javascript`; docs/explanation/limits-and-security.md says more"
)


class PagePolicy:
    """Lives for one build. While the site is served it does nothing: live reload needs a script
    that changes with each request."""

    def __init__(self, written: object = None, *, serving: bool = False) -> None:
        try:
            self._option = PolicyOption(False, False) if serving else option_of(written)
            if serving:
                option_of(written)  # what is wrong is said at once
        except WrongPolicyError as error:
            raise PluginError(f"mkdocs.yml: `extra: onrecord: {OPTION}:` {error}") from None
        self._policy = SitePolicy.wider_by(self._option)
        self._trial: Page | None = None
        self.text = ""

    @property
    def frames(self) -> tuple[str, ...]:
        """The origins whose frames the owner allows."""
        return self._option.widened.get(FRAMES, ())

    def allow_own_frames(self) -> None:
        """Let pages have frames of this site: what draws diagrams is one."""
        self._policy.widened.setdefault(FRAMES, set()).add("'self'")

    def is_trial(self, page: Page) -> bool:
        """True for the empty page, which is nobody's and must stay as the theme makes it."""
        return page is self._trial

    def trust(self, html: str) -> None:
        """Trust the inline scripts of a text: a page of the docs whose owner vouches for it."""
        if self._option.compares:
            self._policy.learn(html)

    def learn(self, env: Any, config: MkDocsConfig, files: Files, nav: Navigation) -> None:
        """Render each template that this build uses, with a page that holds nothing.

        The nav is for plugins alone, which may take another one for a mistake.
        """
        if not self._option.compares:
            return
        seen = set()
        self._source = SOURCE
        for file in files:  # posts of Material's blog aren't among its `documentation_pages`
            if file.src_dir == config.docs_dir:
                self._source = str(file.abs_src_path)
            page = file.page
            if page is None:
                continue
            flags = tuple(sorted((k, v) for k, v in page.meta.items() if isinstance(v, bool)))
            template = str(page.meta.get("template", "main.html"))
            base = get_relative_url(".", page.url)
            seen.add((template, base.count(".."), page.is_homepage, flags))
        for template, depth, is_home, flags in sorted(seen):
            if not self._learn_page(env, config, nav, template, depth, is_home, dict(flags)):
                # It needs a page with a text, but is based on this one in all themes we know.
                self._learn_page(env, config, nav, "main.html", depth, is_home, dict(flags))
        for name in config.theme.static_templates:
            if name.endswith(".html"):
                self._policy.learn(_static(env, config, name))
        self.text = self._policy.text()
        foreign = {*self._policy.widened.get(SCRIPTS, ()), *self._policy.widened.get(STYLES, ())}
        if foreign:
            log.info(
                f"The policy of the site allows scripts and styles of {' '.join(sorted(foreign))}"
            )

    def _learn_page(
        self,
        env: Any,
        config: MkDocsConfig,
        nav: Navigation,
        template: str,
        depth: int,
        is_home: bool,
        meta: Any,
    ) -> bool:
        folders = "d/" * (depth - 1 if config.use_directory_urls and depth else depth)
        name = (
            f"{folders}d.md" if depth or not (is_home or config.use_directory_urls) else "index.md"
        )
        file = File.generated(config, name, content="")
        file.abs_src_path = self._source  # for plugins that ask git who wrote a page
        page = Page("", file, config)
        page.meta, page.content, page.markdown = meta, "", ""
        page.toc = TableOfContents([])
        page.edit_url = None
        nothing = Navigation([], [])
        self._trial = page
        try:
            context = get_context(nothing, [], config, page)
            context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
            made = env.get_template(template).render(context)
            self._policy.learn(made)
            self._policy.learn(config.plugins.on_post_page(made, page=page, config=config))
        except Exception as error:  # a plugin may need a page with a text
            log.debug(f"{template} can't be rendered without a page: {error}")
            return False
        finally:
            self._trial = None
        return True

    def on_page(self, output: str, path: str) -> str:
        """A page with the policy in its head; what the policy refuses is said."""
        if not self.text:
            return output
        for words in self._policy.refused(output):
            log.warning(_REFUSED.format(path, words))
        return self._policy.put_into(output) if self._option.inserts else output

    def finish(self, config: MkDocsConfig, site: SiteFolder) -> None:
        """The same for the files that MkDocs makes of templates alone, such as 404.html."""
        for name in (*config.theme.static_templates, *config.extra_templates):
            file = site.folder / str(name)
            if self.text and file.suffix == ".html" and file.is_file():
                html = file.read_text(encoding="utf-8")
                site.put(str(name), self.on_page(html, str(name)).encode())


def _static(env: Any, config: MkDocsConfig, name: str) -> str:
    """A static template as MkDocs renders it, without a nav."""
    base = urlsplit(config.site_url or "/").path if is_error_template(name) else "."
    try:
        template = env.get_template(name)
        context = get_context(Navigation([], []), Files([]), config, base_url=base)
        context = config.plugins.on_template_context(context, template_name=name, config=config)
        made = template.render(context)
        return str(
            made + (config.plugins.on_post_template(made, template_name=name, config=config))
        )
    except Exception as error:  # a theme that lacks it, or a plugin that wants a nav
        log.debug(f"{name} can't be rendered without a nav: {error}")
        return ""
