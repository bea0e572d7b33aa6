"""Makes a large knowledge base out of a real one, to measure growth on.

    python benchmarks/grow.py BASE DIR NUMBER [--seed 1]

In come the decisions and playbooks of BASE; out come NUMBER decisions in DIR, which must not be
there. Each is spliced of the paragraphs of several real ones, about 745 words, with 6 % of the
words swapped and a title of its own. Stages are complete up to the one each is in. 25 % name a
related decision, 6 % supersede one, 8 % answer a precedent, 5 % are open. The same seed gives the
same files.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from onrecord.records.model import Decision
from onrecord.records.reading import read_library
from onrecord.records.vocabulary import STAGES

WORDS = 745
SWAPPED = 0.06
FIRST_DAY = date(2016, 1, 4)
DAYS = 3_650
_WORD = re.compile(r"[a-z]{4,}")
_LINK = re.compile(r"\[([^\]\[]*)\](?:\([^()]*\)|\[[^\]\[]*\])")
"""A link; copied, most of them would lead nowhere."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a large knowledge base out of a real one.")
    parser.add_argument("base", type=Path, metavar="BASE", help="a folder that holds decisions/")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write")
    parser.add_argument("number", type=int, metavar="NUMBER", help="how many decisions")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.folder.exists():
        parser.error(f"{given.folder} is there already")
    print(f"{grow(given.base, given.folder, given.number, given.seed):,} words")


def grow(base: Path, folder: Path, number: int, seed: int = 1) -> int:
    """Write the knowledge base; returns its words."""
    source = _Source.of(base)
    dice = random.Random(seed)
    if (base / "playbooks").is_dir():
        shutil.copytree(base / "playbooks", folder / "playbooks")
    words, ids = 0, []
    for one in range(number):
        day = FIRST_DAY + timedelta(days=one * DAYS // max(1, number))
        title = source.title(dice)
        id = f"{one:05}-{'-'.join(_WORD.findall(title.lower())[:5])}"
        text = source.text(dice)
        words += len(text.split())
        front = source.front(dice, title, day, ids, is_open=dice.random() < 0.05)
        path = folder / "decisions" / str(day.year) / f"{id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
        path.write_text(f"---\n{head}---\n\n# {title}\n\n{text}\n", encoding="utf-8")
        ids.append(id)
    return words


@dataclass(frozen=True)
class _Source:
    """What the real records give: sections of paragraphs, words, titles, owners and people."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    vocabulary: tuple[str, ...]
    titles: tuple[str, ...]
    owners: tuple[str, ...]
    people: tuple[str, ...]

    @classmethod
    def of(cls, base: Path) -> _Source:
        library = read_library(base)
        decisions = library.decisions
        sections = tuple(one for d in decisions for one in _sections(d))
        words = {w for _, texts in sections for text in texts for w in _WORD.findall(text)}
        people = {who for d in decisions for who in (*d.consulted, *d.informed)}
        return cls(
            sections,
            tuple(sorted(words)),
            tuple(d.title for d in decisions),
            tuple(sorted({r.id for r in library.roles})) or ("@ana",),
            tuple(sorted(people)) or ("ana", "bob"),
        )

    def title(self, dice: random.Random) -> str:
        one, other = dice.choice(self.titles).split(), dice.choice(self.titles).split()
        words = one[: dice.randint(1, 4)] + other[: dice.randint(1, 4)]
        return " ".join([*words, dice.choice(self.vocabulary)]).replace('"', "").strip("#- ")

    def text(self, dice: random.Random) -> str:
        parts: list[str] = []
        count, names = 0, set[str]()
        while count < WORDS:
            name, paragraphs = dice.choice(self.sections)
            if name.casefold() in names:
                continue
            names.add(name.casefold())
            start = dice.randrange(len(paragraphs))
            chosen = [self._swapped(dice, one) for one in paragraphs[start : start + 4]]
            parts += [f"## {name}", *chosen]
            count += sum(len(one.split()) for one in chosen)
        return "\n\n".join(parts)

    def _swapped(self, dice: random.Random, text: str) -> str:
        return _WORD.sub(
            lambda m: dice.choice(self.vocabulary) if dice.random() < SWAPPED else m[0], text
        )

    def front(
        self, dice: random.Random, title: str, day: date, earlier: list[str], *, is_open: bool
    ) -> dict[str, object]:
        """The front matter of a decision that began on a day, its stages complete."""
        last = dice.randrange(len(STAGES)) if is_open else len(STAGES) - 1
        entered = {
            str(stage): day + timedelta(days=3 * number)
            for number, stage in enumerate(STAGES[: last + 1])
        }
        front: dict[str, object] = {
            "title": title,
            "stage": str(STAGES[last]),
            "owner": dice.choice(self.owners),
            "entered": entered,
            "consulted": dice.sample(self.people, min(2, len(self.people))),
        }
        if not is_open:
            front["outcome"] = "accepted" if dice.random() < 0.85 else "rejected"
            front["decided"] = day + timedelta(days=3 * last)
        if earlier and dice.random() < 0.25:
            front["related"] = [dice.choice(earlier)]
        if earlier and not is_open and front["outcome"] == "accepted" and dice.random() < 0.07:
            front["supersedes"] = [dice.choice(earlier)]
        if earlier and dice.random() < 0.08:
            answer = {"verdict": "differs", "why": "The setting is another one."}
            front["precedents"] = [{"record": dice.choice(earlier), **answer}]
        return front


def _sections(decision: Decision) -> Iterator[tuple[str, tuple[str, ...]]]:
    for section in decision.body.sections:
        # A paragraph in code or a list cut in two would be another text than people write.
        if "```" in section.text:
            continue
        paragraphs = [
            _LINK.sub(r"\1", one.strip())
            for one in section.text.split("\n\n")
            if one[:1].isalpha() and len(one.split()) > 8
        ]
        if paragraphs:
            yield section.title, tuple(paragraphs)


if __name__ == "__main__":
    main()
