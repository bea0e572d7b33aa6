"""reStructuredText and AsciiDoc as Markdown, by pandoc, which `onrecord[formats]` brings.

In comes the text of a file and its ending; out comes Markdown, or why there is none. pandoc runs
with `--sandbox`: it opens no file and no address that a text names.
"""

from __future__ import annotations

import re

READERS = {".adoc": "asciidoc", ".asciidoc": "asciidoc", ".rst": "rst"}
"""The endings that are converted, with pandoc's name of the format."""

MISSING = "only Markdown is read, not {}; with pip install 'onrecord[formats]' it is converted"

_DOC = re.compile(r":doc:`(?:([^`<>]{1,200}) <([^`<>]{1,200})>|([^`<>]{1,200}))`")
_ADOC_DIAGRAM = re.compile(
    r"^\[mermaid\b[^\]\n]*\]\n(-{4,}|\.{4,})\n(.*?)\n\1[ \t]*$", re.MULTILINE | re.DOTALL
)
_RST_DIAGRAM = re.compile(r"^([ \t]*)\.\. mermaid::[ \t]*$", re.MULTILINE)
_CROSS = re.compile(r'<a href="#([^"]{1,300})" class="cross-reference">([^<]{0,300})</a>')


class NotConvertedError(Exception):
    """A text that pandoc can't convert, or no pandoc. The words say why."""


def converted(text: str, ending: str) -> str:
    """The text as GitHub's Markdown, with pandoc's front matter. Raises NotConvertedError."""
    try:
        import pypandoc  # loaded late: it is an extra, and starts a program
    except ImportError:
        raise NotConvertedError(MISSING.format(ending)) from None
    if ending == ".rst":
        text = _RST_DIAGRAM.sub(r"\1.. code-block:: mermaid", _DOC.sub(_doc_link, text))
    else:
        text = _ADOC_DIAGRAM.sub(r"[source,mermaid]\n----\n\2\n----", text)
    try:
        made = pypandoc.convert_text(
            text,
            "gfm",
            format=READERS[ending],
            extra_args=[
                "--standalone",
                "--wrap=preserve",
                "--sandbox",
                "--shift-heading-level-by=1",
            ],
        )
    except (OSError, RuntimeError) as error:
        first = next(iter(str(error).strip().splitlines()), "")
        raise NotConvertedError(f"pandoc can't convert it: {first[:200]}") from None
    return _CROSS.sub(_cross_link, str(made))


def _doc_link(found: re.Match[str]) -> str:
    target = found[2] or found[3]
    return f"`{found[1] or target} <{target.removesuffix('.rst')}.rst>`__"


def _cross_link(found: re.Match[str]) -> str:
    """A reference to another file, which pandoc takes for one to a place in this file."""
    target, words = found[1], found[2]
    if re.search(r"\.(?:adoc|asciidoc)(?:#|$)", target):
        return f"[{words or target}]({target.rstrip('#')})"
    return f"[{words or target}](#{target})"
