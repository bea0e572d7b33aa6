"""Names of files that every disk, address and forge can hold, and when two of them are one."""

from __future__ import annotations

import unicodedata

MAX_NAME_BYTES = 240
"""Bytes of a name in UTF-8. Disks hold 255, and `.html` must still fit."""

MAX_PATH_BYTES = 1000

_SIGNS = frozenset('<>:"|?*\\%#')
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


def is_plain_path(path: str) -> bool:
    """True for plain names with `/` between them."""
    return len(path.encode(errors="replace")) <= MAX_PATH_BYTES and all(
        map(is_plain_name, path.split("/"))
    )


def as_one_disk_sees(path: str) -> str:
    """The same for two paths that are one on disks without case, or that compose letters."""
    folded = unicodedata.normalize("NFD", path).casefold()
    return unicodedata.normalize("NFC", folded)
