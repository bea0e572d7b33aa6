"""Good files, damaged: what an editor, a merge or somebody who means harm may leave of a record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"
SIGNS = (
    *"[](){}<>*_`~#|\\:;&@!?-+=\"'$%^,. \t\n\r0a",
    *(
        "---\n",
        "```\n",
        "<!--",
        "-->",
        "](",
        "![",
        "[^a]",
        "{: ",
        "> ",
        "- ",
        "1. ",
        "- [ ] ",
        "# ",
    ),
    *("!!! note\n", "??? a\n", "<a ", "<div>", "</p>", "<![CDATA[", "&#x", "| ", "|-", "***", "__"),
    *("\u2028", "\x85", "\ufeff", "\u202e", "\x00", "\x1b[31m", "\U0001f600", "é", "\x02", "\x03"),
    *(": ", "&x ", "*x", "!!python/object:x ", "2026-13-41", "2026-02-30T25:61:00Z", "0x", ".inf"),
)
LONGEST = 30_000
"""Signs of what is put in; some texts get a sign as often as that."""


def good_files() -> dict[str, bytes]:
    """Each file of the good bases, by its path; where two have one, the first is taken."""
    found: dict[str, bytes] = {}
    for base in ("northwind", "good"):
        for file in sorted((FIXTURES / base).rglob("*")):
            path = file.relative_to(FIXTURES / base)
            if file.suffix in (".md", ".csv", ".yml") and path.parts[0] in (
                "decisions",
                "playbooks",
                "docs",
            ):
                found.setdefault(path.as_posix(), file.read_bytes())
    return found


def mutated(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """As many damaged files with the path of the good one; the same ones for the same seed."""
    chance = random.Random(seed)
    files = sorted(good_files().items())
    for _ in range(count):
        path, data = chance.choice(files)
        for _ in range(chance.randint(1, 4)):
            data = _damaged(data, chance)
        yield path, data


def _damaged(data: bytes, chance: random.Random) -> bytes:
    # Half of the faults are in the front matter, which is short.
    end = min(len(data), 400) if chance.random() < 0.5 else len(data)
    start = chance.randint(0, end)
    stop = min(len(data), start + chance.choice((0, 0, 1, 5, 40, 400)))
    match chance.randrange(6):
        case 0:
            put = chance.randbytes(chance.randint(1, 4))
        case 1:
            put = "".join(chance.choices(SIGNS, k=chance.randint(1, 8))).encode()
        case 2:  # one sign, very often
            unit = "".join(chance.choices(SIGNS, k=chance.randint(1, 3)))
            times = chance.choice((3, 60, 400, 4_000))
            put = (unit * times)[:LONGEST].encode()
        case 3:  # a piece of itself, again
            again = data[start : start + chance.choice((20, 200, 2_000))]
            put = again * chance.choice((2, 30))
        case 4:  # cut off
            return data[:start]
        case _:
            put = b""
    return data[:start] + put + data[stop:]
