"""What takes part in making HTML of Markdown, and whether it is known.

A converter can serve one text after another, and its HTML can be kept, only where each extension
forgets one text before the next and asks nothing but the text. That is so of those named here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

_MARKDOWN = (
    *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"),
    *("footnotes", "legacy_attrs", "legacy_em", "md_in_html", "nl2br", "sane_lists", "smarty"),
    *("tables", "toc"),
)
_PYMDOWNX = (
    *("arithmatex", "betterem", "bracketspan", "caret", "critic", "details", "emoji", "escapeall"),
    *("fancylists", "highlight", "inlinehilite", "keys", "magiclink", "mark", "progressbar"),
    *("quotes", "saneheaders", "smartsymbols", "superfences", "tabbed", "tasklist", "tilde"),
)
KNOWN = frozenset(
    (
        *_MARKDOWN,
        *(f"markdown.extensions.{one}" for one in _MARKDOWN),
        *(f"pymdownx.{one}" for one in _PYMDOWNX),
    )
)
"""The extensions that may take part. Those that read files, such as `pymdownx.snippets`, may not,
nor does `meta`: MkDocs has read the front matter by then."""

_OUR_FUNCTIONS = ("markdown.", "material.extensions.", "pymdownx.")
_PLAIN = re.compile(r"[\w\s\[\](),'\".:-]*")
"""Options that are written as they are, and not by where they are in memory."""
_READS_FILES = frozenset(("custom_icons", "base_path"))
_COUNTS = "UNIQUE_IDS"  # footnotes number the texts that one converter has seen


def unknown_in(extensions: Collection[object], options: Mapping[str, Any]) -> str:
    """What may take part in an unknown way, in words; '' where all is known."""
    for one in extensions:
        if not isinstance(one, str) or one not in KNOWN:
            return f"the Markdown extension {one if isinstance(one, str) else type(one).__name__}"
    try:
        written_as_plain(options)
    except TypeError as error:
        return f"a function in `markdown_extensions` ({error})"
    for name, given in options.items():
        if isinstance(given, Mapping):
            if _COUNTS in given or "unique_ids" in given:
                return f"{_COUNTS} of the Markdown extension {name}"
            inner = given.get("options")
            if _READS_FILES & {*given, *(inner if isinstance(inner, Mapping) else ())}:
                return f"the icons of your own in the Markdown extension {name}"
    return ""


def written_as_plain(options: object) -> bytes:
    """Options as text, the same for the same ones. `TypeError` for a function nobody knows."""
    return json.dumps(options, sort_keys=True, default=_named).encode()


def _named(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    name = named_function(value)
    if name is None:
        raise TypeError(str(getattr(value, "__qualname__", None) or type(value).__name__))
    return name


def named_function(value: object) -> str | None:
    """The name of a function of Markdown's, PyMdown's or Material's; None for all else.

    One whose options are filled in has them in its name.
    """
    if isinstance(value, partial):
        name, options = named_function(value.func), [*value.args, *sorted(value.keywords.items())]
        return f"{name} {options}" if name is not None and _PLAIN.fullmatch(str(options)) else None
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if callable(value) and module and name and f"{module}.".startswith(_OUR_FUNCTIONS):
        return f"{module}.{name}"
    return None
