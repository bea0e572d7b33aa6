"""Names of files that every disk, address and forge can hold, when two are one, and globs."""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase

MAX_NAME_BYTES = 240
"""Bytes of a name in UTF-8. Disks hold 255, and `.html` must still fit."""

MAX_PATH_BYTES = 1000

_SIGNS = frozenset('<>:"|?*\\%#')
_NO_NAME = frozenset('<>:"|?*\\')
"""Signs that no name on Windows can have."""

_DEVICES = frozenset(
    (
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"),
    )
)


def is_plain_name(name: str) -> bool:
    """True for a name without signs that a system, an address or a shell reads as something else.

    Windows keeps some names for devices, with any ending, and drops a dot or space at the end.
    """
    return (
        name.isprintable()
        and not _SIGNS & set(name)
        and "/" not in name
        and name == name.strip().rstrip(".")
        and not name.startswith(".")
        and 0 < len(name.encode(errors="replace")) <= MAX_NAME_BYTES
        and name.partition(".")[0].rstrip().casefold() not in _DEVICES
    )


_ON_ALL_DISKS = re.compile(r"[0-9a-z_-]{6,200}\.[a-z]{2,4}")
"""Most names; none of a device is as long."""


def name_for_all_disks(name: str) -> str:
    """A name that Windows can hold as well; the name itself, where it can.

    A text's name without `.md` is the folder of its page, which Windows must hold, too.
    """
    if _ON_ALL_DISKS.fullmatch(name):
        return name
    kept = "".join(sign for sign in name if sign not in _NO_NAME and sign >= " ").rstrip(". ")
    if kept.lower().endswith(".md"):
        kept = (kept[:-3].rstrip(". ") or "unnamed") + kept[-3:]
    stem, dot, rest = kept.partition(".")
    if stem.rstrip().casefold() in _DEVICES:
        kept = f"{stem.rstrip()}-record{dot}{rest}"
    return kept or "unnamed"


def is_plain_path(path: str) -> bool:
    """True for plain names with `/` between them."""
    return len(path.encode(errors="replace")) <= MAX_PATH_BYTES and all(
        map(is_plain_name, path.split("/"))
    )


def as_one_disk_sees(path: str) -> str:
    """The same for two paths that are one on disks without case, or that compose letters."""
    if path.isascii():
        return path.lower()
    folded = unicodedata.normalize("NFD", path).casefold()
    return unicodedata.normalize("NFC", folded)


def is_glob(text: str) -> bool:
    """True for a pattern of paths below the root it is counted from, such as `src/pay/**`."""
    parts = text.strip("/").split("/")
    return (
        text.isprintable()
        and "\\" not in text
        and len(text.encode(errors="replace")) <= MAX_PATH_BYTES
        and all(part not in ("", ".", "..") for part in parts)
    )


def covers(glob: str, path: str) -> bool:
    """True where a pattern means a path, or a folder that it is in.

    `*` and `?` stay within a name, `**` is any number of folders. A pattern without a `/` means
    that name in any folder, as in CODEOWNERS. The steps it takes are at most both lengths' product.
    """
    wanted = glob.strip("/").split("/")
    if "/" not in glob.rstrip("/"):
        wanted = ["**", *wanted]
    # What means a folder means all that is in it.
    wanted.append("**")
    names = path.strip("/").split("/")
    at = name = 0
    retry: tuple[int, int] | None = None
    while name < len(names):
        if at < len(wanted) and wanted[at] == "**":
            retry = (at + 1, name)
            at += 1
        elif at < len(wanted) and fnmatchcase(names[name], wanted[at]):
            at, name = at + 1, name + 1
        elif retry is not None:
            # The last `**` takes one folder more. An earlier one needn't: what it took is as good
            # as any, so the steps are a product and no power.
            retry = (retry[0], retry[1] + 1)
            at, name = retry
        else:
            return False
    return all(part == "**" for part in wanted[at:])
