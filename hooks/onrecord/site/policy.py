"""A Content-Security-Policy that lets run only what the theme and we ship.

In come pages as the theme makes them of nothing, and what the site's owner allows besides; out
comes one policy for the whole site, by hashes, as an element for each page's head. It is a second
wall behind `safety`: what gets through the cleaning still doesn't run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urlsplit

from onrecord.records.findings import did_you_mean

SCRIPTS, STYLES, IMAGES, MEDIA, FONTS, CONNECT, FRAMES = WIDENED = (
    "scripts",
    "styles",
    "images",
    "media",
    "fonts",
    "connect",
    "frames",
)
"""What an owner can allow from other hosts, by the keys of the option."""

ALONE = "default-src 'none'; base-uri 'none'; form-action 'none'"
"""The policy of a page that loads nothing and runs nothing."""

_ORIGIN = re.compile(
    r"(?:https|wss)://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?(?:/[\w./@~+-]*)?"
)
_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_BLOCK = re.compile(rf"<(script|style)\b({_ATTRIBUTES})>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(rf"<link\b({_ATTRIBUTES})>", re.IGNORECASE)
_TYPE = re.compile(r"""\stype\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_ADDRESS = re.compile(r"""\s(?:src|href)\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_SHEET = re.compile(r"""\srel\s*=\s*["']?stylesheet\b""", re.IGNORECASE)
_RUN = frozenset(
    ("", "module", "importmap", "speculationrules", "text/javascript", "application/javascript")
)
_HEAD = re.compile(rf"<head\b{_ATTRIBUTES}>(?:\s*<meta\s+charset{_ATTRIBUTES}>)?", re.IGNORECASE)
_FONT_SHEETS, _FONT_FILES = "https://fonts.googleapis.com", "https://fonts.gstatic.com"


class WrongPolicyError(Exception):
    """The option in `mkdocs.yml` can't be followed; the words say why, and give the right form."""


@dataclass(frozen=True, slots=True)
class PolicyOption:
    """What the owner said: whether pages get the policy, and what it allows besides, by `WIDENED`.

    With `compares` alone the build still names what the policy would refuse.
    """

    inserts: bool = True
    compares: bool = True
    widened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def option_of(written: object) -> PolicyOption:
    """The option `csp` as it is in `mkdocs.yml`. Raises `WrongPolicyError`."""
    if written is None or written is True:
        return PolicyOption()
    if written is False:
        return PolicyOption(inserts=False, compares=False)
    if written == "report":
        return PolicyOption(inserts=False)
    if not isinstance(written, Mapping):
        raise WrongPolicyError("must be true, false, report, or keys such as `scripts:`")
    widened = {}
    for key, value in written.items():
        if key not in WIDENED:
            near = did_you_mean(str(key), WIDENED)
            raise WrongPolicyError(f"`{key}` isn't a key: {near}the keys are {', '.join(WIDENED)}")
        origins = [value] if isinstance(value, str) else value
        if not isinstance(origins, list):
            raise WrongPolicyError(f"`{key}:` must be a list of origins, such as {_EXAMPLE}")
        for one in origins:
            if not isinstance(one, str) or not _ORIGIN.fullmatch(one):
                raise WrongPolicyError(
                    f"`{key}: {one}` isn't an origin: write https:// and a host, such as {_EXAMPLE}"
                )
        widened[key] = tuple(origins)
    return PolicyOption(widened=widened)


_EXAMPLE = "https://giscus.app"


@dataclass(slots=True)
class SitePolicy:
    """The policy of one site. It learns from pages without a text, then judges the others."""

    widened: dict[str, set[str]] = field(default_factory=dict)
    scripts: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)

    @classmethod
    def wider_by(cls, option: PolicyOption) -> SitePolicy:
        """A policy that allows what the owner named."""
        return cls({key: set(origins) for key, origins in option.widened.items()})

    def learn(self, html: str) -> None:
        """Trust every script and style of a page that holds no text of an author."""
        for tag, attributes, inside in _blocks(html):
            address = _ADDRESS.search(attributes)
            if tag == "style":
                self.styles.add(_hash(inside))
            elif address is not None:
                self._allow(SCRIPTS, address[1])
            elif _runs(attributes):
                self.scripts.add(_hash(inside))
        for link in _LINK.finditer(html):
            address = _ADDRESS.search(link[1])
            if address is not None and _SHEET.search(link[1]):
                self._allow(STYLES, address[1])

    def _allow(self, key: str, written: str) -> None:
        """A file of another host that the theme or `mkdocs.yml` names, with its whole folder."""
        parts = urlsplit(unescape(written))
        if not parts.netloc:
            return
        origin = f"{parts.scheme or 'https'}://{parts.netloc}"
        # The whole folder, since a script such as MathJax loads more from beside it. Not the whole
        # host: a CDN has every package there is.
        folder = origin + parts.path.rpartition("/")[0] + "/"
        self.widened.setdefault(key, set()).add(folder if _ORIGIN.fullmatch(folder) else origin)
        if key == STYLES:  # a sheet's fonts are beside it
            fonts = _FONT_FILES if origin == _FONT_SHEETS else folder
            self.widened.setdefault(FONTS, set()).add(fonts)

    def refused(self, html: str) -> Iterator[str]:
        """The inline scripts of a page that the policy refuses, each by its first words."""
        for tag, attributes, inside in _blocks(html):
            is_inline = tag == "script" and not _ADDRESS.search(attributes) and _runs(attributes)
            if is_inline and inside.strip() and _hash(inside) not in self.scripts:
                yield " ".join(inside.split())[:60]

    def text(self) -> str:
        """The policy, as a browser reads it."""
        more = {key: sorted(self.widened.get(key, ())) for key in WIDENED}
        # Pagefind is a program in WebAssembly, which a browser else refuses to compile.
        scripts = ("'self'", "'wasm-unsafe-eval'", *sorted(self.scripts), *more[SCRIPTS])
        directives = {
            "default-src": ("'none'",),
            "script-src": scripts,
            "style-src": ("'self'", *sorted(self.styles), *more[STYLES]),
            "style-src-attr": ("'unsafe-inline'",),  # columns of tables are aligned by it
            # Texts show pictures of other hosts, as on the forge.
            "img-src": ("'self'", "data:", "https:", *more[IMAGES]),
            "media-src": ("'self'", *more[MEDIA]),
            "font-src": ("'self'", *more[FONTS]),
            "connect-src": ("'self'", *more[CONNECT]),
            "worker-src": ("'self'",),
            "manifest-src": ("'self'",),
            "object-src": ("'none'",),
            "frame-src": tuple(more[FRAMES]) or ("'none'",),
            "form-action": ("'self'",),
            "base-uri": ("'none'",),
        }
        return "; ".join(f"{name} {' '.join(words)}" for name, words in directives.items())

    def put_into(self, html: str) -> str:
        """The page with the policy first in its head, where nothing runs before it."""
        return with_policy(html, self.text())


def with_policy(html: str, policy: str) -> str:
    """A page with a policy in its head; the page as it is where it has no head."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">'
    # Behind the charset, which must be among the first 1,024 bytes, and before all that loads or
    # runs: a policy counts only for what follows it.
    found = _HEAD.search(html)
    return html[: found.end()] + meta + html[found.end() :] if found else html


def _blocks(html: str) -> Iterable[tuple[str, str, str]]:
    for found in _BLOCK.finditer(html):
        yield found[1].lower(), found[2], found[3]


def _runs(attributes: str) -> bool:
    found = _TYPE.search(attributes)
    return (found[1].lower() if found else "") in _RUN


def _hash(inside: str) -> str:
    plain = inside.replace("\r\n", "\n").replace("\r", "\n")  # as a browser reads it
    digest = hashlib.sha256(plain.encode("utf-8", "xmlcharrefreplace")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
