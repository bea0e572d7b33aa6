"""What mkdocs.yml says that the command line must know too, such as the site's language.

The file is read as a tree, never built into objects, so the `!!python/name:` tags that MkDocs
allows there do nothing.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit

import yaml
from frontmatter.default_handlers import SafeLoader

MKDOCS_FILES = ("mkdocs.yml", "mkdocs.yaml")
"""The names under which MkDocs looks for a site's configuration."""

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


@dataclass(frozen=True)
class MkdocsFile:
    """A site's configuration as YAML nodes by key; none where the text is broken or empty."""

    text: str = ""

    @classmethod
    def read(cls, root: Path) -> MkdocsFile:
        """That of the site at `root`."""
        for name in MKDOCS_FILES:
            try:
                return cls((root / name).read_text(encoding="utf-8", errors="replace"))
            except OSError:
                continue
        return cls()

    @cached_property
    def keys(self) -> Mapping[str, yaml.Node]:
        """The values of the file, by key."""
        try:
            return mapping_of(yaml.compose(self.text, Loader=SafeLoader))
        except yaml.YAMLError:
            return {}

    def word(self, *names: str) -> str:
        """The text of a value, by its keys from the top; '' where there is none."""
        keys, node = self.keys, None
        for name in names:
            node = keys.get(name)
            keys = mapping_of(node)
        # `!ENV NAME` names a variable that only MkDocs reads: its text is no value.
        is_text = isinstance(node, yaml.ScalarNode) and not node.tag.startswith("!")
        return str(node.value) if node and is_text else ""

    def words(self, name: str) -> tuple[str, ...]:
        """The texts of a list; of an entry with keys, such as a script, its `path`."""
        node = self.keys.get(name)
        entries = node.value if isinstance(node, yaml.SequenceNode) else []
        found = (mapping_of(one).get("path", one) for one in entries)
        return tuple(str(one.value) for one in found if isinstance(one, yaml.ScalarNode))

    def says_no(self, *names: str) -> bool:
        """True when an option is turned off."""
        return self.word(*names).lower() in ("false", "no", "off")

    def url_of(self, page: str) -> str:
        """The whole address of a page of the site; '' where `site_url` isn't set."""
        site = published_at(self.word("site_url")).rstrip("/")
        folders = not self.says_no("use_directory_urls")
        return f"{site}/{address_of(page, folders).removeprefix('./')}" if site else ""


def published_at(site_url: str) -> str:
    """Where a site is published: what mkdocs.yml says, else what the job on the forge knows.

    GitLab may give a site a name that nobody can guess, so its job knows better than a guess.
    """
    told = os.environ.get("CI_PAGES_URL", "")
    if site_url and not (told and (urlsplit(site_url).hostname or "").endswith(".gitlab.io")):
        return site_url
    found = told or site_url or os.environ.get("ONRECORD_SITE_URL", "")
    return f"{found.rstrip('/')}/" if found else ""


def address_of(page: str, folders: bool) -> str:
    """Where MkDocs puts a page or file, from the site's root. `folders`: `use_directory_urls`."""
    folder, name = posixpath.split(page)
    if name.endswith(".md"):
        stem = name.removesuffix(".md")
        stem = "index" if stem == "README" else stem
        name = f"{stem}/index.html" if folders and stem != "index" else f"{stem}.html"
    place = posixpath.join(folder, name)
    if folders and posixpath.basename(place) == "index.html":
        return quote(f"{posixpath.dirname(place) or '.'}/")
    return quote(place)


def mapping_of(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    """The values of a mapping by key; none of any other node."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def language_of(root: Path) -> str:
    """The language of a knowledge base as Snowball names it; english where nothing is said."""
    return stemmer_of(MkdocsFile.read(root).word("theme", "language") or "en")


def stemmer_of(code: str) -> str:
    """`de`, `de-CH` or `pt_BR` as Snowball's name; the code itself where there is no stemmer."""
    short = code.strip().lower().replace("_", "-").split("-")[0]
    return STEMMERS.get(short, short)
