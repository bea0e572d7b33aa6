"""We had this before: the engine's hits in the words of decisions, roles and answers.

In come the library, its relations and an engine; out come, for a decision, a text or a role, the
earlier decisions that are close, how each is answered, and the problems that keep coming back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from onrecord.lifecycle.relations import Relations
from onrecord.precedents.closeness import Closeness
from onrecord.precedents.decision_cache import (
    Cards,
    cards_of,
    digest_of,
    document_of,
    targets_of,
)
from onrecord.precedents.engine import (
    DEFAULT_LIMIT,
    Document,
    Engine,
    Hit,
    Nearest,
    Why,
)
from onrecord.precedents.engine.meaning import MeaningError, Model, model_in, model_installed
from onrecord.precedents.spoken import spoken
from onrecord.records.keeping import cache_of
from onrecord.records.library import Library
from onrecord.records.model import Decision, Precedent, Role
from onrecord.records.settings import MkdocsFile, language_of
from onrecord.records.vocabulary import Stage, Status, Verdict
from onrecord.text.corrections import (
    Correction,
    is_guessable,
    is_slip,
    nearest_of,
    with_corrections,
)
from onrecord.text.progress import Progress, silent
from onrecord.text.slugs import slug_of

CLOSE = 0.6
"""From this score on the gate out of assess asks for an answer; below, a hit may be passed over."""

FEW = 20
"""In a base of fewer decisions no word is known to be rare, and much looks close that isn't."""

CLOSE_AMONG_FEW = 0.8
"""From this score on the gate asks in such a base: what is all but the same text."""

SAME_PROBLEM = 0.7
"""From this score on two decisions count as being about the same problem."""

SHARE_FROM = 0.3
"""How much of a question a record must hold to be said to help; among 80 questions with an answer
62 had such a record, among 80 without one 6."""

MEANT_FROM = 0.3
"""The same where a sentence model tells: the cosine from which on a record may help."""

LIKE_FROM, LIKE_WHOLE = 0.04, 0.35
"""From these likenesses on such a record is close, and very close: all but the same text."""

TITLE_FROM, TITLE_WHOLE = 0.6, 0.8
"""A question and a title that hold so much of each other meet; or are all but the same."""

LONGEST_CHAIN = 12
"""A group that grows larger is a topic, not a problem: only what the team itself tied stays."""

_TIES = frozenset((Verdict.REPEATS, Verdict.EXTENDS, Verdict.REVERSES))
_DECIDED_AGAIN = frozenset((Verdict.REPEATS, Verdict.REVERSES))
_GIVEN_UP = frozenset((Status.REJECTED, Status.WITHDRAWN))
"""What became of a decision whose problem somebody takes up once more."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier decision that is close: how close, why, and how its author answered it.

    `score` is 0 to 1, comparable between records, and between questions; None for one that only its
    author named. `told` is the word for how near it is, where the score alone does not tell: to a
    question, whose scores are others, or among few decisions.
    """

    decision: Decision
    status: Status
    score: float | None
    why: Why
    answer: Precedent | None = None
    told: Closeness | None = None

    @property
    def closeness(self) -> Closeness:
        """How near it is, in a word."""
        return self.told or _closeness(self.score)

    @property
    def is_far(self) -> bool:
        """True where it isn't called close: the two share a few words, and maybe no more."""
        return self.closeness in (Closeness.NEAREST, Closeness.MAY_HELP)

    @property
    def is_answered(self) -> bool:
        """True once the author has given a verdict and a reason."""
        return self.answer is not None and bool(self.answer.verdict and self.answer.why)


@dataclass(frozen=True, slots=True)
class Later:
    """A later decision that an earlier one is a precedent of, with its author's answer if any."""

    decision: Decision
    score: float | None
    answer: Precedent | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Decisions that belong together, oldest first.

    `again` is True where the same was decided again: superseded, reversed, repeated, or taken up
    once more after it was rejected or withdrawn. The others are a family, which says nothing of how
    well it was decided.
    """

    decisions: tuple[Decision, ...]
    again: bool

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.decisions)

    def __len__(self) -> int:
        return len(self.decisions)


class Decisions(Protocol):
    """Decisions by id: a library, or the cards of one."""

    @property
    def decision(self) -> Mapping[str, Decision]:
        """Of two with one id, the first by path."""


class Outcomes(Protocol):
    """What became of decisions, by id: relations, or cards."""

    @property
    def status(self) -> Mapping[str, Status]:
        """The status of each."""

    @property
    def answered_by(self) -> Mapping[str, tuple[tuple[str, Precedent], ...]]:
        """The later decisions that named it as a precedent, with their answers."""


class Before:
    """Answers “had we this before?” for one reading of a knowledge base.

    Without an engine it knows what authors have answered, and finds nothing of its own.
    """

    def __init__(
        self, library: Decisions, relations: Outcomes, engine: Engine | None = None
    ) -> None:
        self._library = library
        self._relations = relations
        self._engine = engine

    @property
    def searches(self) -> bool:
        """False if it only knows what authors have answered."""
        return self._engine is not None

    def of_text(
        self, text: str, title: str = "", limit: int = DEFAULT_LIMIT
    ) -> tuple[Earlier, ...]:
        """The decisions nearest to a text, nearest first; none when nothing is close."""
        if self._engine is None or not f"{title}{text}".strip():
            return ()
        hits = self._engine.similar(spoken(text), title, limit)
        return tuple(map(self._earlier, hits))

    def of_question(self, question: str, limit: int = DEFAULT_LIMIT) -> tuple[Earlier, ...]:
        """The decisions nearest to a question in a person's own words, however near they are.

        None where no decision holds any of its words. A misspelt word counts as the one that was
        meant; `corrections_of` names both.
        """
        if self._engine is None:
            return ()
        question = with_corrections(question, self.corrections_of(question))
        few = len(self._library.decision) < FEW
        return tuple(
            Earlier(
                decision := self._library.decision[hit.id],
                self._status(decision),
                # A likeness of meanings is a cosine and may be below zero; a score is from 0 to 1.
                round(min(max(hit.share if hit.meant is None else hit.meant, 0.0), 1.0), 6),
                hit.why,
                told=_closeness_to_question(hit, few),
            )
            for hit in self._engine.nearest(question, limit)
        )

    def corrections_of(self, question: str) -> tuple[Correction, ...]:
        """The words of a question that no decision holds, with the word of a title each is like."""
        if self._engine is None:
            return ()
        odd = [word for word in self._engine.unheld(question) if is_guessable(word)]
        decisions = self._library.decision.values() if odd else ()
        named = [text for d in decisions for text in (d.title, *d.asked)]
        found = (Correction(word, nearest_of(word.lower(), named)) for word in odd)
        return tuple(one for one in found if is_slip(one.typed.lower(), one.meant))

    @property
    def meaning_fault(self) -> str:
        """Why the last question was answered by words alone, though a model is named; '' if not."""
        return self._engine.meaning_fault if self._engine is not None else ""

    def of(self, decision: Decision, limit: int = DEFAULT_LIMIT) -> tuple[Earlier, ...]:
        """The earlier decisions nearest to one of the base."""
        if self._library.decision.get(decision.id) is not decision:
            return ()  # the second of two with one id
        if self._engine is None:
            return ()
        # Where all were ranked at once the answer is there. Asking for one must not rank all.
        if "_all" in self.__dict__:
            hits = self._all.get(decision.id, [])[:limit]
        else:
            hits = self._engine.precedents_of(decision.id, limit)
        return tuple(self._earlier(hit, decision) for hit in hits)

    def shown_with(self, decision: Decision) -> tuple[Earlier, ...]:
        """What its page shows: every precedent its author answered, then the others found."""
        found = {one.decision.id: one for one in self.of(decision)}
        answered = []
        for precedent in decision.precedents:
            earlier = self._library.decision.get(precedent.record)
            if earlier is not None and earlier is not decision:
                known = found.pop(precedent.record, None)
                answered.append(
                    known or Earlier(earlier, self._status(earlier), None, Why(), answer=precedent)
                )
        # What it supersedes is named on its page already, as its family.
        known_ids = {*decision.supersedes}
        rest = [one for one in found.values() if one.decision.id not in known_ids]
        return (*answered, *rest)

    def unanswered(self, decision: Decision) -> tuple[Earlier, ...]:
        """The close ones that the author has neither answered nor superseded.

        One for which no reason can be shown is left out, unless it is all but the same text.
        """
        return tuple(
            one
            for one in self.of(decision)
            if one.score is not None
            and one.score >= self._asked_from
            # A gate that asks for an answer without showing what to answer is only in the way.
            and (one.score >= CLOSE_AMONG_FEW or one.why.quotes or one.why.tags or one.why.links)
            and not one.is_answered
            and one.decision.id not in decision.supersedes
        )

    def to_answer(self, decision: Decision) -> tuple[Earlier, ...]:
        """What the gate out of its present stage asks for: only assess does."""
        if decision.stage is not Stage.ASSESS or decision.outcome is not None:
            return ()
        return self.unanswered(decision)

    def again(self, decision: Decision) -> tuple[Later, ...]:
        """The later decisions that this one is a precedent of, oldest first."""
        return self._again.get(decision.id, ())

    def of_role(self, role: Role) -> tuple[Earlier, ...]:
        """The decisions nearest to what is under “If this happens”."""
        section = role.body.section("If this happens")
        return self.of_text(section.text) if section is not None and section.is_written else ()

    def chains(self) -> tuple[Chain, ...]:
        """What belongs together over time: what was decided again first, longest first.

        Two decisions belong together when one supersedes the other, repeats, extends or reverses
        it in its author's words. One joins a group that it is very close to the most of, as far as
        its nearest are known. An author's `differs` keeps it apart.
        """
        groups = Groups()
        for newer, older in self._tied_by_authors():
            groups.join(newer, older)
        decisions = self._library.decision
        # From the oldest on, as the groups grew: which one a decision joins depends on who is in
        # it.
        for newer in sorted(self._all, key=lambda id: in_time(decisions[id])):
            close = [
                hit.id
                for hit in self._all[newer]
                if hit.score >= SAME_PROBLEM and not self._differs(newer, hit.id)
            ]
            groups.join_most(newer, close, LONGEST_CHAIN)
        members = (
            tuple(sorted((decisions[one] for one in group), key=in_time)) for group in groups.all()
        )
        chains = [Chain(each, self._is_again(each)) for each in members]
        return tuple(sorted(chains, key=lambda c: (not c.again, -len(c), in_time(c.decisions[0]))))

    def _is_again(self, chain: tuple[Decision, ...]) -> bool:
        """True where something was decided again; what extends or is only alike was not."""
        ids = {decision.id for decision in chain}
        was_tried = any(self._status(earlier) in _GIVEN_UP for earlier in chain[:-1])
        return was_tried or any(
            not ids.isdisjoint({*decision.supersedes} - {decision.id})
            or any(p.verdict in _DECIDED_AGAIN and p.record in ids for p in decision.precedents)
            for decision in chain
        )

    # What another index of the same decisions is made of.

    @property
    def engine(self) -> Engine | None:
        """What finds earlier decisions; None where only what authors answered is shown."""
        return self._engine

    def decision(self, id: str) -> tuple[Decision, Status]:
        """A decision and its status."""
        decision = self._library.decision[id]
        return decision, self._status(decision)

    # What the answers are made of.

    @cached_property
    def _asked_from(self) -> float:
        return CLOSE if len(self._library.decision) >= FEW else CLOSE_AMONG_FEW

    @cached_property
    def _all(self) -> dict[str, list[Hit]]:
        return self._engine.all_precedents() if self._engine is not None else {}

    def prepare_all(self) -> None:
        """Rank every decision at once: far cheaper than one by one when all will be asked."""
        _ = self._all

    @cached_property
    def _again(self) -> Mapping[str, tuple[Later, ...]]:
        found: defaultdict[str, dict[str, Later]] = defaultdict(dict)
        for newer_id, hits in self._all.items():
            newer = self._library.decision[newer_id]
            for hit in hits:
                answer = _answer(newer, hit.id)
                found[hit.id][newer_id] = Later(newer, hit.score, answer)
        for older_id, answers in self._relations.answered_by.items():
            for newer_id, answer in answers:
                newer = self._library.decision[newer_id]
                # An author may name what no ranking found; it counts, without a score.
                found[older_id].setdefault(newer_id, Later(newer, None, answer))
        return {
            older: tuple(sorted(later.values(), key=lambda one: in_time(one.decision)))
            for older, later in found.items()
        }

    def _earlier(self, hit: Hit, asking: Decision | None = None) -> Earlier:
        decision = self._library.decision[hit.id]
        answer = _answer(asking, hit.id) if asking is not None else None
        title = asking.title if asking is not None else ""
        # Among few no word is known to be rare: only the same title or text earns a strong word.
        is_sure = hit.score >= self._asked_from or slug_of(title) == slug_of(decision.title)
        said = None if is_sure else Closeness.MAY_HELP
        return Earlier(decision, self._status(decision), hit.score, hit.why, answer, said)

    def _status(self, decision: Decision) -> Status:
        return self._relations.status.get(decision.id, Status.OPEN)

    def _tied_by_authors(self) -> Iterable[tuple[str, str]]:
        known = self._library.decision
        for decision in known.values():
            for older in decision.supersedes:
                if older in known and older != decision.id:
                    yield decision.id, older
            for precedent in decision.precedents:
                if precedent.verdict in _TIES and precedent.record in known:
                    yield decision.id, precedent.record

    def _differs(self, newer: str, older: str) -> bool:
        answer = _answer(self._library.decision[newer], older)
        return answer is not None and answer.verdict is Verdict.DIFFERS


def open_before(
    root: Path, library: Library, relations: Relations, progress: Progress = silent
) -> Before:
    """The precedents of a knowledge base on disk, with its language and its cache."""
    # A base without decisions has nothing to keep, and may not take the place of what was kept.
    cache = cache_of(root) if library.decisions else None
    return Before(
        library,
        relations,
        Engine(documents_of(library), language_of(root), cache, lambda: _model_of(root), progress),
    )


def ask_before(root: Path, progress: Progress = silent) -> tuple[Before, Cards]:
    """The precedents of a knowledge base for one question: from the cards kept of its decisions.

    The decisions of the cards come without their texts.
    """
    cache = cache_of(root)
    cards = cards_of(root, cache, progress)
    kept = cache if len(cards.corpus) else None
    return Before(
        cards,
        cards,
        Engine(cards.corpus, language_of(root), kept, lambda: _model_of(root), progress),
    ), cards


def _model_of(root: Path) -> Model | None:
    """The sentence model of a knowledge base: of the folder it names, or the installed one.

    A path in the repository may not lead out of it; one outside is named whole, by the owner's
    word.
    """
    setting = MkdocsFile.read(root)
    option = ("extra", "onrecord", "meaning")
    named = setting.word(*option).strip()
    if setting.says_no(*option):
        return None
    if not named:
        return model_installed(language_of(root))
    if Path(named).is_absolute():
        return model_in(Path(named))
    folder = root / named
    if not folder.resolve().is_relative_to(root.resolve()):
        raise MeaningError(f"{named} leads out of the repository; name a folder in it")
    return model_in(folder)


def documents_of(library: Library) -> Iterator[Document]:
    """Every decision as the engine needs it, each id once."""
    ids = {d.path: d.id for d in library.decision.values()}
    for d in library.decision.values():
        said = spoken(d.body.text)
        yield document_of(d, ids, targets_of(d), said, digest_of(d, said))


def _closeness(score: float | None) -> Closeness:
    if score is None:
        return Closeness.NAMED
    if score >= SAME_PROBLEM:
        return Closeness.VERY_CLOSE
    return Closeness.CLOSE if score >= CLOSE else Closeness.MAY_HELP


def _closeness_to_question(hit: Nearest, few: bool) -> Closeness:
    """The word for how near a record is to a question.

    The share tells whether the base speaks of the subject at all, the likeness whether this record
    does. Where no word is known to be rare, only a title earns a strong word.
    """
    if hit.share >= TITLE_FROM and hit.named >= TITLE_FROM:
        is_title = min(hit.share, hit.named) >= TITLE_WHOLE
        return Closeness.VERY_CLOSE if is_title else Closeness.CLOSE
    # What a model finds alike needs no word in common; where there is one, it tells better.
    is_near = hit.share >= SHARE_FROM if hit.meant is None else hit.meant >= MEANT_FROM
    if not is_near and (few or hit.likeness < LIKE_WHOLE):
        return Closeness.NEAREST
    if few or hit.likeness < LIKE_FROM:
        return Closeness.MAY_HELP
    return Closeness.VERY_CLOSE if hit.likeness >= LIKE_WHOLE else Closeness.CLOSE


def _answer(decision: Decision, record: str) -> Precedent | None:
    return next((p for p in decision.precedents if p.record == record), None)


def in_time(decision: Decision) -> tuple[date, str]:
    """Earlier or later by the day it was opened, or decided where only that is known."""
    return (decision.earliest or date.min, decision.id)


class Groups:
    """Disjoint groups of ids that grow by joining."""

    def __init__(self) -> None:
        self._members: dict[str, list[str]] = {}
        self._group: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        """Put two ids into one group."""
        first, second = (self._head(one), self._head(other))
        if first == second:
            return
        large, small = self._members[first], self._members[second]
        if len(large) < len(small):
            first, large, small = second, small, large
        large += small
        for member in small:
            self._group[member] = first

    def join_most(self, one: str, others: Sequence[str], most: int) -> None:
        """Put an id into the group that most of the others are in, unless it would outgrow `most`.

        They must be at least half of it, or as many as are ever known to be near.
        """
        heads = Counter(map(self._head, others))
        for head, number in heads.most_common(1):
            group, own = self._members[head], self._members[self._head(one)]
            needed = min((len(group) + 1) // 2, DEFAULT_LIMIT)
            if number >= needed and (group is own or len(group) + len(own) <= most):
                self.join(one, group[0])

    def all(self, least: int = 2) -> list[list[str]]:
        """The groups of two and more, or of another least number of members."""
        heads = dict.fromkeys(self._group.values())
        return [self._members[head] for head in heads if len(self._members[head]) >= least]

    def _head(self, one: str) -> str:
        if one not in self._group:
            self._group[one] = one
            self._members[one] = [one]
        return self._group[one]
