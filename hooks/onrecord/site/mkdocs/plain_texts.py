"""Texts that are shown as they are: what would take too long to convert, and what failed.

Markdown and its extensions are other people's code, and a text may be anybody's. What they raise
on one text costs that text its layout, and no other page anything.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from markdown import Markdown
from markdown.extensions import Extension

from onrecord.records.findings import Finding, not_read
from onrecord.site.mkdocs.log import log

_HARMLESS = "-"
"""A text on which no extension fails: it leaves them as after any other page."""


def shown_plain(text: str, why: Finding) -> str:
    """The HTML of a text as it was written, below a word on why it isn't laid out."""
    return (
        '<div class="admonition warning">\n'
        '<p class="admonition-title">Shown as plain text</p>\n'
        f"<p>{escape(why.path)}, line {why.line}: {escape(why.message)}. "
        f"To change that, {escape(why.hint)}.</p>\n</div>\n"
        f"<pre><code>{escape(text)}</code></pre>"
    )


class PlainOnFailure(Extension):
    """The Markdown extension. `source` names the file that is being converted.

    `failures` counts the texts that are shown as they are.
    """

    def __init__(self, source: Callable[[], str]) -> None:
        super().__init__()
        self._source = source
        self.failures = 0

    def extendMarkdown(self, md: Markdown) -> None:
        """Put the net around the whole conversion: no processor of Markdown's sees all of it."""
        convert = md.convert

        def convert_or_show(source: str) -> str:
            try:
                return convert(source)
            except Exception as error:
                self.failures += 1
                why = not_read(self._source(), error)
                log.warning(f"{why.path}:{why.line}: {why.message} ({why.code}); {why.hint}")
                md.reset()
                # `reset` clears what extensions registered to be cleared; some leave a stash or a
                # stack, which an ordinary text empties.
                convert(_HARMLESS)
                return shown_plain(source.strip("\n"), why)

        md.convert = convert_or_show  # type: ignore[method-assign]
