"""Numbers for the files of a search index, in the place of the hashes that Pagefind names them by.

In comes the folder of an index as Pagefind wrote it; out comes the same index with other names. A
browser loads the list of all files before its first search. Hashes don't compress, numbers do: a
third of what a reader of a large base waits for. What can't be numbered for sure stays as it is.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from hashlib import blake2b
from pathlib import Path

ENTRY = "pagefind-entry.json"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TAG, _NUMBER = 4, 3
"""Digits that stand for the content of an index, so that no browser takes a file it has kept of an
older one; and digits of a number."""
_FILES = (("fragment", "pf_fragment"), ("index", "pf_index"))


def number_files(index: Path) -> None:
    """Rename the fragments and chunks of an index, in its list and in its folder."""
    entry = json.loads((index / ENTRY).read_text(encoding="utf-8"))
    for language in entry["languages"].values():
        old = language["hash"]
        begins = old[: old.rindex("_") + 1]
        files = [
            file
            for folder, ending in _FILES
            for file in sorted((index / folder).glob(f"{begins}*.{ending}"))
        ]
        listed = index / f"pagefind.{old}.pf_meta"
        try:
            data = gzip.decompress(listed.read_bytes())
        except (OSError, EOFError, zlib.error):  # another Pagefind may list its files otherwise
            continue
        form = re.compile(rf"{re.escape(begins)}[0-9a-f]{{{_TAG + _NUMBER}}}".encode())
        found = form.findall(data)
        names = _numbered(found, [file.stem.encode() for file in files], begins)
        if not names:
            continue
        between = form.split(data)
        known = (names.get(name, name) for name in found)
        data = b"".join(part for pair in zip(between, [*known, b""], strict=True) for part in pair)
        for file in files:
            file.rename(file.with_name(names[file.stem.encode()].decode() + file.suffix))
        listed.unlink()
        # A browser may still have the list of hashes, under the old name.
        digest = blake2b(f"numbered {old}".encode(), digest_size=16).hexdigest()
        language["hash"] = begins + digest[: len(old) - len(begins)]
        meta = index / f"pagefind.{language['hash']}.pf_meta"
        meta.write_bytes(gzip.compress(data, 9, mtime=0))
    (index / ENTRY).write_text(json.dumps(entry, separators=(",", ":")), encoding="utf-8")


def _numbered(found: list[bytes], stems: list[bytes], begins: str) -> dict[bytes, bytes]:
    """The new name of each file, as long as the old one; none unless each is listed just once."""
    known = {*stems}
    listed = [name for name in found if name in known]
    if len(listed) != len(stems) or {*listed} != known or len(stems) > 36**_NUMBER:
        return {}
    content = int.from_bytes(blake2b(b"".join(listed), digest_size=8).digest(), "big")
    # A hash has no letter after f, so that no new name is the old one of another file.
    tag = "ghijklmnopqrstuvwxyz"[content % 20] + _digits(content // 20, _TAG - 1)
    return {
        name: f"{begins}{tag}{_digits(number, _NUMBER)}".encode()
        for number, name in enumerate(listed)
    }


def _digits(value: int, width: int) -> str:
    return "".join(_DIGITS[value // 36**place % 36] for place in reversed(range(width)))
