"""What mkdocs.yml says that the command line must know too: the site's language.

The file is read as a tree, never built into objects, so the `!!python/name:` tags that MkDocs
allows there do nothing.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from frontmatter.default_handlers import SafeLoader

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""The name under which Snowball knows a language, by its code. Others are not stemmed."""


def language_of(root: Path) -> str:
    """The language of a knowledge base as Snowball names it; english where nothing is said."""
    for name in ("mkdocs.yml", "mkdocs.yaml"):
        try:
            text = (root / name).read_text(encoding="utf-8")
            node = yaml.compose(text, Loader=SafeLoader)
        except (OSError, ValueError, yaml.YAMLError):
            continue
        language = _under(_under(node, "theme"), "language")
        if isinstance(language, yaml.ScalarNode):
            return stemmer_of(language.value)
    return "english"


def stemmer_of(code: str) -> str:
    """`de`, `de-CH` or `pt_BR` as Snowball's name; the code itself where there is no stemmer."""
    short = code.strip().lower().replace("_", "-").split("-")[0]
    return STEMMERS.get(short, short)


def _under(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                found: yaml.Node = value
                return found
    return None
