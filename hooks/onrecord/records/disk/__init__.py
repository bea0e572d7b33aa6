"""One file on disk: read as itself, and written whole or not at all.

In: a path. Out: its bytes and what is beside it; or a file with the bytes it was given.
Nothing here follows a symbolic link below the root of a knowledge base.
"""

from onrecord.records.disk.looking import (
    Signature,
    find_root,
    is_file,
    is_link,
    is_linking,
    is_there,
    open_file,
    read_file,
    signature_of,
    walk,
)
from onrecord.records.disk.writing import (
    TEMPORARY,
    alone_in,
    change_file,
    make_file,
    place,
    put_file,
)

__all__ = [
    "TEMPORARY",
    "Signature",
    "alone_in",
    "change_file",
    "find_root",
    "is_file",
    "is_link",
    "is_linking",
    "is_there",
    "make_file",
    "open_file",
    "place",
    "put_file",
    "read_file",
    "signature_of",
    "walk",
]
