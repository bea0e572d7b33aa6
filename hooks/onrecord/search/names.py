"""What a record is called: whoever types one of its names whole looks for it and nothing else.

In come a record and the library; out come keys, the same for every way of writing a name: letters
and digits alone, in lower case. A number is the first of an id: `KEP-1287`, `#1287` and `1287` all
call `1287-in-place-resize`. A key has a sign for the index of the site, a made-up word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from onrecord.records.library import Library
from onrecord.records.model import Record, Role

NUMBER_FORM = r"(?:L+[-_]|L{1,5}\.? #?|(?:decision|record|number) #?|#)?0*(\d{1,9})"
"""What is typed for a number, L for any letter; a browser reads the same."""
SIGN_LETTERS = "bcdfghjklmnpqrtvwxz"
"""No vowel and no `s`: no stemmer takes anything off such a word."""
SIGN_BEGINS, SIGN_LENGTH = "qzx", 8

_NUMBER_OF_ID = re.compile(r"(?:[^\W\d_]+[-_])?0*(\d{1,9})(?![^\W_])")
_NO_KEY = re.compile(r"[\W_]+")
_TYPED = re.compile(NUMBER_FORM.replace("L", r"[^\W\d_]"), re.IGNORECASE)


def names_of(record: Record, library: Library) -> tuple[str, ...]:
    """The keys of what a record is called; of a role also of those who hold it."""
    names = [record.title, record.id, record.path.removesuffix(".md")]
    if isinstance(record, Role):
        for handle in filter(None, (record.holder, *record.backups)):
            person = library.people.get(handle.casefold())
            names += [handle, person.name if person is not None else ""]
    number = _NUMBER_OF_ID.match(record.id)
    return keys_of(names, int(number[1]) if number else None)


def keys_of(names: Iterable[str], number: int | None = None) -> tuple[str, ...]:
    """The keys of some names, and of a number."""
    keys = [key_of(name) for name in names]
    if number is not None:
        keys.append(f"#{number}")
    return tuple(dict.fromkeys(filter(None, keys)))


def asked_names(typed: str) -> Iterator[str]:
    """The keys of which a query may be one: its words as they are, or a number."""
    typed = typed.strip().strip('"“”').removesuffix(".md").rstrip(".:,;!?")
    key, number = key_of(typed), _TYPED.fullmatch(typed)
    if key:
        yield key
    if number:
        yield f"#{int(number[1])}"


def key_of(name: str) -> str:
    """A name in the one way that all ways of writing it share."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return _NO_KEY.sub("", plain)


def sign_of(key: str) -> str:
    """The made-up word that stands for a key in the index of the site: FNV-1a, in letters."""
    value = 0x811C9DC5
    for byte in key.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    letters = ""
    for _ in range(SIGN_LENGTH):
        value, letter = divmod(value, len(SIGN_LETTERS))
        letters += SIGN_LETTERS[letter]
    return SIGN_BEGINS + letters
