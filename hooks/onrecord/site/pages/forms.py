"""The pages with forms: start a decision, write a handoff, describe a role.

In come the roster of a build and the repository's place on its forge; out come pages whose scripts
fill the blanks of the core, with a way to do the same by hand, and for each role the facts that a
handoff of it begins with.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import jinja2

from onrecord.drafting import drafts
from onrecord.drafting.drafts import Draft
from onrecord.drafting.record_templates import DECISION_BLANK, HANDOFF_BLANK, ROLE_BLANK, Blank
from onrecord.drafting.translated import in_language, known_language
from onrecord.forges.hosts import Place
from onrecord.lifecycle.accept import QUESTIONS
from onrecord.lifecycle.conversation import conversation_of, unaligned, unanswered
from onrecord.lifecycle.handoffs import Turn
from onrecord.overview.handover import filled
from onrecord.overview.roster import Roster
from onrecord.precedents.browser_index import TOP as INDEX
from onrecord.records.model import Decision, Handoff, Role
from onrecord.records.reading.fields import MAX_TEXT
from onrecord.records.shapes import DECISION, HANDOFF, ROLE
from onrecord.records.vocabulary import NOBODY_YET, HandoffState, Says
from onrecord.site.addresses import Address
from onrecord.site.pages import places
from onrecord.site.pages.places import IndexPage
from onrecord.text import slugs


class Somebody(NamedTuple):
    """A person who can be asked: handle, name, and the titles of the roles they hold."""

    handle: str
    name: str
    roles: tuple[str, ...]


MOST_ANSWERS = 4
MOST_NAMES = 60

GUIDES = {
    Says.FEEDBACK: "<!-- Write what you want to say below this line. -->",
    Says.ANSWER: "<!-- Write your answer below this line. -->",
    Says.ACCEPTED: f"<!-- In your own words: {' '.join(QUESTIONS)} -->",
}
"""What a reply that needs words begins with."""


class ReplyAct(NamedTuple):
    """A button: its word, what the reply says, and where it is written with a placeholder."""

    label: str
    says: Says
    href: str
    to: str = ""


class Acts(NamedTuple):
    """What a reader can do about a record. `data` is what the script of the buttons must know."""

    title: str
    acts: tuple[ReplyAct, ...]
    forge: str
    nobody: str
    data: Mapping[str, Any]


class FormPages:
    """Makes the forms of one build. `asks_before` is false where precedents are left out."""

    def __init__(
        self,
        env: jinja2.Environment,
        roster: Roster,
        place: Place | None,
        asks_before: bool,
        language: str,
    ) -> None:
        self._env = env
        self._roster = roster
        self._place = place
        self._asks_before = asks_before
        self._language = known_language(language)

    def pages(self) -> Iterator[IndexPage]:
        """The three forms."""
        yield IndexPage(places.START, "Start a decision", self._decision)
        yield IndexPage(places.START_HANDOFF, "Write a handoff", self._handoff)
        yield IndexPage(places.START_ROLE, "Describe a role", self._role)

    def files(self) -> Iterator[tuple[str, str]]:
        """For each role, the path and JSON text of what a handoff of it begins with."""
        for role in self._roles:
            facts = {
                "from": self._roster.catalogue.answering(role.id),
                "sections": dict(filled(self._roster, role)),
                "parts": list(self._parts(role)),
            }
            yield places.role_facts(role.id), json.dumps(facts, ensure_ascii=False)

    def _parts(self, role: Role) -> Iterator[Mapping[str, str]]:
        """What of a role can be handed on alone: its words for `covers`, its name, who answers."""
        catalogue, holders = self._roster.catalogue, self._roster.catalogue.holders
        own = [d for d in catalogue.by_owner.get(role.id, []) if catalogue.is_open(d)]
        parts = [(duty.text, duty.text, duty.key) for duty in holders.duties(role)]
        parts += [(d.id, d.title, d.path) for d in own]
        for words, name, key in parts:
            # Words that two parts have in common can't say which is handed on.
            if holders.meant(role, words) == (key,):
                answers = holders.of_part(role, key, self._today).who
                yield {"covers": words, "name": name, "from": answers}

    def acts(self, record: Decision | Handoff) -> Acts | None:
        """What can be done about a record by a reply; None where no forge takes a new file."""
        place = self._place
        if place is None or not place.form:
            return None
        open_acts = [
            ReplyAct(words, says, self._new_reply(place, record, says, to), to)
            for words, says, to in self._open_acts(record)
        ]
        data = {
            "place": place.as_data(),
            "folders": self._above_folder(record),
            "folder": record.path.removesuffix(".md"),
            "taken": [reply.id for reply in record.replies],
            "people": self._repliers(record),
            "guides": GUIDES,
            "nobody": NOBODY_YET,
        }
        title = "To accept it" if isinstance(record, Handoff) else "Reply"
        return Acts(title, tuple(open_acts), place.name, NOBODY_YET, data)

    def _open_acts(self, record: Decision | Handoff) -> Iterator[tuple[str, Says, str]]:
        """The word of each button, what the reply says, and what it answers."""
        catalogue = self._roster.catalogue
        if isinstance(record, Handoff):
            if catalogue.turns[record.path] is Turn.OFFERED:
                yield "Read and accept", Says.ACCEPTED, ""
        elif record.outcome is not None and unaligned(record):
            yield "I know it", Says.ALIGNED, ""
        elif catalogue.is_open(record):
            yield "Give feedback", Says.FEEDBACK, ""
            yield "No objection", Says.NO_OBJECTION, ""
            for voice in conversation_of(record).open[:MOST_ANSWERS]:
                if voice.path != record.path:  # a line is answered where it is written
                    yield f"Answer @{voice.who}", Says.ANSWER, voice.key

    def _new_reply(self, place: Place, record: Decision | Handoff, says: Says, to: str) -> str:
        draft = drafts.new_reply(
            record.path, NOBODY_YET, says, self._today, text=GUIDES.get(says, ""), to=to
        )
        return place.new_file(draft.path, self._above_folder(record), draft.text)

    def _above_folder(self, record: Decision | Handoff) -> list[str]:
        """The folders that exist on the way to the replies of a record."""
        folders = sorted(set(_above([record.path])))
        return [*folders, record.path.removesuffix(".md")] if record.replies else folders

    def _repliers(self, record: Decision | Handoff) -> list[str]:
        """Who may be replying: those asked first, then everyone the team has named."""
        if isinstance(record, Handoff):
            return [record.receiver] if record.receiver else []
        asked = unaligned(record) if record.outcome else (*unanswered(record), *record.consulted)
        known = (one.handle for one in self._people)
        library = self._roster.catalogue.library
        named: dict[str, str] = {}
        for handle in (*asked, *record.informed, *known):
            if handle not in library.role:
                named.setdefault(handle.casefold(), handle)
        return list(named.values())[:MOST_NAMES]

    def _decision(self, address: Address) -> str:
        draft = drafts.new_decision(
            "What we decide", self._today, slug="what-we-decide", language=self._language
        )
        return self._render(
            "start_decision",
            address,
            draft,
            self._data(
                "decision",
                in_language(DECISION_BLANK, DECISION, self._language),
                address,
                reserved=sorted(drafts.RESERVED),
            ),
            guides=dict(DECISION.sections),
            keys=DECISION.by_name,
            index=address(f"{places.NEAREST}/{INDEX}") if self._asks_before else "",
        )

    def _handoff(self, address: Address) -> str:
        draft = drafts.new_handoff(
            "a-role", giver="ana", receiver="bob", effective=self._today, language=self._language
        )
        facts = {role.id: address(places.role_facts(role.id)) for role in self._roles}
        return self._render(
            "start_handoff",
            address,
            draft,
            self._data(
                "handoff",
                in_language(HANDOFF_BLANK, HANDOFF, self._language),
                address,
                facts=facts,
                vacant=drafts.VACANT,
            ),
            guides=dict(HANDOFF.sections),
            keys=HANDOFF.by_name,
            states=list(HandoffState),
        )

    def _role(self, address: Address) -> str:
        draft = drafts.new_role(
            "a-role", title="A role", purpose="Why it exists", language=self._language
        )
        taken = sorted(self._roster.catalogue.library.role)
        return self._render(
            "start_role",
            address,
            draft,
            self._data("role", in_language(ROLE_BLANK, ROLE, self._language), address, taken=taken),
            keys=ROLE.by_name,
        )

    def _data(self, kind: str, blank: Blank, address: Address, **more: Any) -> dict[str, Any]:
        """What the scripts of a form must know."""
        return {
            "kind": kind,
            "site": address(places.HOME),
            "blank": blank.as_data(),
            "place": self._place.as_data() if self._place else None,
            "folders": self._folders,
            "handles": self._known,
            "most": {"slug": slugs.MAX_SLUG, "bytes": slugs.MAX_SLUG_BYTES},
            **more,
        }

    def _render(
        self,
        template: str,
        address: Address,
        draft: Draft,
        data: Mapping[str, Any],
        **facts: object,
    ) -> str:
        place = self._place
        return self._env.get_template(f"{template}.html").render(
            at=address,
            draft=draft,
            data=data,
            place=place,
            by_hand=place.new_file(draft.path, self._folders, draft.text) if place else "",
            roles=self._roles,
            people=self._people,
            longest=MAX_TEXT,
            **facts,
        )

    @property
    def _today(self) -> date:
        return self._roster.catalogue.today

    @cached_property
    def _roles(self) -> list[Role]:
        library = self._roster.catalogue.library
        return sorted(library.role.values(), key=lambda r: (r.title.casefold(), r.id))

    @cached_property
    def _people(self) -> list[Somebody]:
        """Everyone the team has named who hasn't left, by name."""
        catalogue = self._roster.catalogue
        held: defaultdict[str, list[str]] = defaultdict(list)
        written: dict[str, str] = {}
        for role in self._roles:
            answers = self._roster.accountable[role.id].who
            for handle in (role.holder, answers, *role.backups):
                if handle:
                    written.setdefault(handle.casefold(), handle)
            if answers:
                held[answers.casefold()].append(role.title)
        for person in catalogue.library.people.values():
            written.setdefault(person.handle.casefold(), person.handle)
        found = [
            Somebody(handle, catalogue.name_of(handle), tuple(held[key]))
            for key, handle in written.items()
            if not catalogue.has_left(handle)
        ]
        return sorted(found, key=lambda one: (one.name or one.handle).casefold())

    @cached_property
    def _known(self) -> list[str]:
        """Whom a record may name without a finding; empty where anybody may be."""
        library = self._roster.catalogue.library
        if not library.has_people_file:
            return []
        return sorted({*library.people, *(role.casefold() for role in library.role)})

    @cached_property
    def _folders(self) -> list[str]:
        """The folders that exist and hold decisions, roles or handoffs."""
        library = self._roster.catalogue.library
        paths = [*(d.path for d in library.decisions), *(r.path for r in library.roles)]
        return sorted(set(_above(paths)) | {h.path.rpartition("/")[0] for h in library.handoffs})


def _above(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder:
            yield folder
            folder = folder.rpartition("/")[0]
