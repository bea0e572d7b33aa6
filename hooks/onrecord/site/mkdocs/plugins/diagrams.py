"""Diagrams written as Mermaid's code: drawn by this site's own script, and only where one is.

In comes a page's HTML; out comes the same with the script that draws. Material would load Mermaid
from another host; here it comes with OnRecord, and the files are in a site that has a diagram.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_relative_url

from onrecord.site.pages import diagram_assets, places

MATERIALS_CLASS = "mermaid"
"""The class of what Material draws itself, with a script of another host."""
_MATERIALS = re.compile(r'(<(?:pre|div)\b[^<>]*?\sclass=")mermaid"')
_OURS = "language-mermaid"


class Diagrams:
    """Lives for one build."""

    def __init__(self, config: MkDocsConfig) -> None:
        # Whoever brings a script for it draws in their own way.
        self.are_ours = not any("mermaid" in str(one) for one in config.extra_javascript)
        self.has_some = False
        if self.are_ours:
            _mark_fences(config)

    def as_code(self, html: str) -> str:
        """The HTML with each diagram marked as code of that language, as our script finds it."""
        return _MATERIALS.sub(rf'\1{_OURS}"', html) if self.are_ours else html

    def drawn(self, html: str, address: str) -> str:
        """The HTML of a page, with the script if it has a diagram."""
        if not self.are_ours or _OURS not in html:
            return html
        self.has_some = True
        script = get_relative_url(f"{places.DIAGRAMS}/diagrams.js", address)
        return f'{html}\n<script src="{script}" defer></script>'

    def finish(self, put: Callable[[str, bytes], None]) -> None:
        """Put the files beside the pages, if a page has a diagram. `put` takes a path."""
        if self.has_some:
            for name, data in diagram_assets():
                put(f"{places.DIAGRAMS}/{name}", data)


def _mark_fences(config: MkDocsConfig) -> None:
    """Have a fence of Mermaid's code keep the name of its language, which others lose."""
    fences = "pymdownx.superfences"
    if fences not in config.markdown_extensions:
        return  # Markdown's own fences keep it
    options = config.mdx_configs.setdefault(fences, {})
    theirs = [one for one in options.get("custom_fences") or () if one.get("name") != "mermaid"]
    made_by = import_module(fences).fence_code_format
    ours = {"name": "mermaid", "class": _OURS, "format": made_by}
    options["custom_fences"] = [*theirs, ours]
