"""From a title or a word to an id or the name of a page, the same on every platform."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_SLUG, MAX_SLUG_BYTES = 80, 200
"""A file's name may have 255 bytes on most disks; letters of some scripts take four each."""


def slug_of(title: str) -> str:
    """A title as an id: lower case, words joined by `-`, accents dropped, other scripts kept."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(c for c in plain if not ("\u0300" <= c <= "\u036f"))
    words = [""]
    for sign in unicodedata.normalize("NFC", plain):
        if sign.isalnum() or (words[-1] and _is_part_of_letter(sign)):
            words[-1] += sign
        elif words[-1]:
            words.append("")
    slug = "-".join(word for word in words if word)
    most = min(MAX_SLUG, len(slug.encode()[:MAX_SLUG_BYTES].decode(errors="ignore")))
    if len(slug) > most:
        slug = slug[: most + 1].rpartition("-")[0] or slug[:most]
    return slug


def _is_part_of_letter(sign: str) -> bool:
    """True for the vowel signs and the like of many scripts, not for an emoji's variants."""
    return unicodedata.category(sign) in ("Mn", "Mc") and not "\ufe00" <= sign <= "\ufe0f"


def anchor_of(title: str) -> str:
    """How an address names a heading; '' for letters that sites name each in their own way."""
    plain = re.sub(r"[`*]", "", title)
    if not plain.isascii():
        return ""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain.lower()).strip())


def page_name(word: str) -> str:
    """A word as the name of a page; one of signs alone gets a name that never changes."""
    return slug_of(word) or "sign-" + _digest(word)


def page_name_of_tag(tag: str) -> str:
    """A tag as the name of a page. `c`, `c#` and `c++` are three, with a page each.

    Spaces, dashes and capitals make no difference: `Pay roll` is `pay-roll`.
    """
    name = page_name(tag)
    plain = "-".join(re.split(r"[\s-]+", tag.casefold()))
    return name if name == plain else f"{name}-{_digest(plain)}"


def page_name_of_person(handle: str) -> str:
    """A role's id or a handle as the name of a page.

    `ana.b` and `ana-b` are two people, with a page each; `Ana` and `ana` are one.
    """
    name = page_name(handle)
    return name if name == handle.casefold() else f"{name}-{_digest(handle.casefold())}"


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:8]
