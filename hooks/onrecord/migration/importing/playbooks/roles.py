"""Roles made of pages, as a plan that changes nothing on disk.

In come the pages of a folder; out come the files of roles. A page whose headings are a role's
becomes one; runbooks become situations in “If this happens” of the role of their service. Every
text keeps its words: only the levels of its headings and the targets of its links change.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from onrecord.migration.importing.deciding import meaning
from onrecord.migration.importing.deciding.identity import SinceImport
from onrecord.migration.importing.playbooks.links import RoleLinks
from onrecord.migration.importing.playbooks.marks import line_of, mark_of, marks_in, said_of
from onrecord.migration.importing.playbooks.pages import (
    SECTIONS,
    PageKind,
    RolePage,
    RolePlan,
    pages_in,
    service_of,
)
from onrecord.migration.importing.playbooks.sections import note_of_keys, set_below, sorted_into
from onrecord.migration.importing.reading import formats
from onrecord.migration.importing.reading.found import Format
from onrecord.migration.importing.reading.not_decisions import spaced
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind
from onrecord.records.disk import read_file
from onrecord.records.model import Role
from onrecord.records.reading.markdown import headings_in
from onrecord.records.vocabulary import PLAYBOOKS_FOLDER, ROLE_FILE
from onrecord.text.escaping import as_text, as_yaml
from onrecord.text.sentences import sentences

SITUATIONS = "If this happens"
TO_WRITE = "To be written: why does this role exist?"
"""What asks the readers of a role for its purpose, where no old page says it."""
_ALL_ELSE = "all else stays as it is"
_LEVEL = re.compile(r"^#+", re.MULTILINE)
_TARGET = re.compile(r"\]\([^()\s]*")
_LONG_ENOUGH = 40
"""Characters of a text that nobody writes twice by chance."""


def plan_roles(plan: RolePlan) -> Iterator[ImportedFile]:
    """What becomes of every text: a role, a part of one, or nothing, and why."""
    by_role: defaultdict[str, list[RolePage]] = defaultdict(list)
    for page in pages_in(plan):
        if isinstance(page, ImportedFile):
            yield page
        else:
            by_role[page.role].append(page)
    links = RoleLinks(plan, (page for group in by_role.values() for page in group))
    for role, group in by_role.items():
        yield from _Maker(plan, links, role).items(group)
    yield from links.copies
    wanted = {item.source for item in links.copies}
    for place in plan.folder.assets:
        source = posixpath.join(plan.name, place)
        if source not in wanted:
            reason = "no page that is imported links to it"
            yield ImportedFile(source, FileOutcome.SKIP, reason=reason)


class _Maker(NamedTuple):
    """Makes the file of one role, and says of each of its pages what became of it."""

    plan: RolePlan
    links: RoleLinks
    role: str

    @property
    def path(self) -> str:
        return f"{PLAYBOOKS_FOLDER}/{self.role}/{ROLE_FILE}"

    def items(self, pages: list[RolePage]) -> Iterator[ImportedFile]:
        present = next((r for r in self.plan.library.roles if r.id == self.role), None)
        fresh: list[RolePage] = []
        changed: list[RolePage] = []
        for page in pages:
            outcome, reason = self._known(page, present, fresh)
            if outcome is FileOutcome.UPDATE:
                changed.append(page)
            elif reason:
                yield ImportedFile(page.source, outcome, self.path, reason=reason)
            else:
                fresh.append(page)
        if present is not None and (fresh or changed):
            yield from self._added(present, fresh, changed)
        elif fresh:
            yield from self._made(fresh)

    def _known(
        self, page: RolePage, present: Role | None, fresh: list[RolePage]
    ) -> tuple[FileOutcome, str]:
        """Why a page isn't taken: it is here already, by its name or by its words."""
        here = present.body.text if present is not None else ""
        if present is not None and (mark := marks_in(here).get(page.source)) is not None:
            part = None if page.kind is PageKind.ROLE else _part_in(present, page.source)
            change = mark.change(page.text, "\n".join(part.lines) if part else None)
            if change is SinceImport.SOURCE and self.plan.is_update:
                return FileOutcome.UPDATE, ""
            return said_of(change)
        said = _words_of(page)
        # Without a mark it may still have been pasted by hand, before this tool was there.
        if said and said in _words(here):
            return FileOutcome.PRESENT, "the role has this text already"
        if said and any(said == _words_of(other) for other in fresh):
            return FileOutcome.SKIP, "another file here holds the same text"
        if page.kind is not PageKind.ROLE:
            return FileOutcome.IMPORT, ""
        if present is not None:
            reason = f"{present.path} is here already; move over by hand what it lacks"
            return FileOutcome.PRESENT, reason
        if any(other.kind is PageKind.ROLE for other in fresh):
            return FileOutcome.FAIL, "another page here is of the same role; say which with --into"
        return FileOutcome.IMPORT, ""

    def _made(self, pages: list[RolePage]) -> Iterator[ImportedFile]:
        """The file of a new role: its sections in their order, what else there is below."""
        base = next((page for page in pages if page.kind is PageKind.ROLE), None)
        front, notes = self._front(base, pages)
        parts, mapped, rest = [front], dict[str, str](), list[str]()
        if base is not None:
            intro, mapped, rest = self._mapped(base)
            mark = mark_of(base.source, base.text, "")
            parts.append("\n\n".join(filter(None, (mark, intro))))
        situations = [self._part(p) for p in pages if p.kind is PageKind.SITUATION]
        for title in SECTIONS:
            text = mapped.get(title, "")
            if title == SITUATIONS and situations:
                text = "\n\n".join([text or f"## {SITUATIONS}", *situations])
            if text:
                parts.append(text)
        others = [self._part(page) for page in pages if page.kind is PageKind.OTHER]
        yield ImportedFile(
            base.source if base else _folder_of(pages),
            FileOutcome.IMPORT,
            self.path,
            data=("\n\n".join([*parts, *rest, *others]) + "\n").encode(),
            notes=(*notes, *(base.notes if base else ())),
        )
        yield from self._joined(page for page in pages if page is not base)

    def _joined(self, pages: Iterator[RolePage]) -> Iterator[ImportedFile]:
        for page in pages:
            where = SITUATIONS if page.kind is PageKind.SITUATION else ""
            note = Note(NoteKind.READ, "title", page.title, None, f"in “{where}”" if where else "")
            yield ImportedFile(page.source, FileOutcome.JOIN, self.path, notes=(note, *page.notes))

    def _added(
        self, role: Role, pages: list[RolePage], changed: list[RolePage]
    ) -> Iterator[ImportedFile]:
        """The file of a role that is here, with parts put in or brought anew; all else stays."""
        try:
            old = read_file(self.plan.root / role.path)
        except OSError as error:
            reason = f"{role.path} can't be read: {error.strerror}"
            for page in (*pages, *changed):
                yield ImportedFile(page.source, FileOutcome.FAIL, reason=reason)
            return
        said = (("added", pages), ("brought anew", changed))
        yield ImportedFile(
            _folder_of([*pages, *changed]),
            FileOutcome.UPDATE,
            role.path,
            data=self._with(role, old, pages, changed),
            replaces=old,
            notes=tuple(
                Note(NoteKind.READ, key, ", ".join(one.title for one in some), None, _ALL_ELSE)
                for key, some in said
                if some
            ),
        )
        yield from self._joined(iter([*pages, *changed]))

    def _with(
        self, role: Role, old: bytes, pages: list[RolePage], changed: list[RolePage]
    ) -> bytes:
        written = old.decode("utf-8", errors="surrogateescape")
        end = "\r\n" if "\r\n" in written else "\n"
        lines = written.replace("\r\n", "\n").split("\n")
        edits: list[tuple[int, int, list[str]]] = []
        section = role.body.section(SITUATIONS)
        situations = [self._part(page) for page in pages if page.kind is PageKind.SITUATION]
        others = [self._part(page) for page in pages if page.kind is PageKind.OTHER]
        if situations and section is None:
            others.insert(0, "\n\n".join([f"## {SITUATIONS}", *situations]))
        elif situations and section is not None:
            at = next(
                (
                    line - 1
                    for line, level, _ in headings_in(role.body)
                    if line > section.line and level <= 2
                ),
                len(lines),
            )
            while at > section.line and not lines[at - 1].strip():
                at -= 1
            edits.append((at, at, ["", *"\n\n".join(situations).split("\n")]))
        for page in changed:
            part = _part_in(role, page.source, lines)
            if part is not None:
                edits.append((part.start, part.end, self._part(page).split("\n")))
        # From the last to the first, so that no edit moves the lines of another.
        for start, stop, made_anew in sorted(edits, key=lambda edit: -edit[0]):
            lines[start:stop] = made_anew
        if others:
            while lines and not lines[-1].strip():
                lines.pop()
            lines += ["", *"\n\n".join(others).split("\n"), ""]
        made = "\n".join(lines)
        made = made if made.endswith("\n") else made + "\n"
        return made.replace("\n", end).encode("utf-8", errors="surrogateescape")

    def _front(self, base: RolePage | None, pages: list[RolePage]) -> tuple[str, list[Note]]:
        first = base or pages[0]
        if base is not None:
            title, notes = base.title, [Note(NoteKind.READ, "title", base.title)]
        else:
            name = spaced(self.plan.role or service_of(first.source))
            title = name[:1].upper() + name[1:]
            notes = [Note(NoteKind.GUESSED, "title", title, None, "the name of its folder")]
        purpose, note = _purpose(base)
        found = formats.read(first.text, Format.PROSE)
        holder, more = meaning.owner_of(found, self.plan.holder, self._knows)
        notes += [note, *(replace(one, key="holder") for one in more)]
        holder = holder.removeprefix("@")
        lines = (
            "---",
            f"title: {as_yaml(title)}",
            f"purpose: {as_yaml(purpose or TO_WRITE)}",
            f"holder: {as_yaml(holder)}" if holder else "holder:",
            "backups: []",
            "---",
            "",
            f"# {as_text(title)}",
        )
        return "\n".join(lines), notes

    def _knows(self, name: str) -> bool:
        return name.removeprefix("@").casefold() in self.plan.library.handles

    def _mapped(self, page: RolePage) -> tuple[str, dict[str, str], list[str]]:
        """The text in front, the sections by those of ours they are, and the rest, as Markdown."""
        relinked = partial(self.links.relinked, page=page)
        mapped, rest = sorted_into(SECTIONS, page.cut, "role", page.notes, relinked)
        page.notes.extend(_note_of_keys(page))
        return relinked(page.cut.intro), mapped, rest

    def _part(self, page: RolePage) -> str:
        """A page as a part of a role: a heading of its own, and its text below."""
        level = 3 if page.kind is PageKind.SITUATION else 2
        text = self.links.relinked(set_below(page.cut.body, level + 1), page)
        page.notes.extend(_note_of_keys(page))
        head = f"{'#' * level} {as_text(page.title)}"
        text = text.strip("\n")
        mark = mark_of(page.source, page.text, f"{head}\n\n{text}")
        return "\n\n".join(filter(None, (head, mark, text)))


def _note_of_keys(page: RolePage) -> list[Note]:
    return note_of_keys(key for key in page.text.entries if key not in ("title", "name"))


def _purpose(base: RolePage | None) -> tuple[str, Note]:
    """Why the role exists, by a section that says so or by the page's first sentence."""
    if base is not None:
        section = base.cut.section("purpose")
        said = sentences(section.text, 2_000)[:1] if section is not None else []
        if section is not None and said:
            why = f"“{section.title}”"
            return said[0], Note(NoteKind.READ, "purpose", said[0], section.line, why)
        if said := sentences(base.cut.intro, 2_000)[:1]:
            why = "the first sentence of its page"
            return said[0], Note(NoteKind.GUESSED, "purpose", said[0], None, why)
    why = "write in one sentence why it exists"
    return "", Note(NoteKind.LEFT, "purpose", "", None, why)


class _PlacedPart(NamedTuple):
    """A part of a role's file, from its heading: the indexes of its lines, and the lines."""

    start: int
    end: int
    lines: list[str]


def _part_in(role: Role, source: str, lines: list[str] | None = None) -> _PlacedPart | None:
    """The part of a role that was made of a source; `lines` are those of the whole file."""
    first = role.body.line - 1
    lines = lines or [*[""] * first, *role.body.text.split("\n")]
    at = line_of(lines, source)
    if at is None:
        return None
    heads = [(line - 1, level) for line, level, _ in headings_in(role.body)]
    above = [(line, level) for line, level in heads if line < at]
    if not above or any(line.strip() for line in lines[above[-1][0] + 1 : at]):
        return None
    start, level = above[-1]
    end = next((line for line, its in heads if line > start and its <= level), len(lines))
    while end > at and not lines[end - 1].strip():
        end -= 1
    return _PlacedPart(start, end, lines[start:end])


def _words_of(page: RolePage) -> str:
    """All words of a page, which tell whether a role has them already; '' for too few."""
    plain = _words(page.cut.body)
    return plain if len(plain) > _LONG_ENOUGH else ""


def _words(text: str) -> str:
    """A text without what an import changes: levels of headings and targets of links."""
    return " ".join(_TARGET.sub("](", _LEVEL.sub("", text)).split())


def _folder_of(pages: list[RolePage]) -> str:
    """The folder in which all of some pages lie."""
    folders = {posixpath.dirname(page.source) or "." for page in pages}
    return posixpath.commonpath(folders) or "." if len(folders) > 1 else folders.pop()
