"""From a file beside a record to a reply: one act of one person.

In come a path and a text; out come the reply and findings. What needs the record it replies to is
for `relations`. A reply that doesn't say who it is from, or what it does, counts for nobody.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from datetime import date
from pathlib import Path

from onrecord.records.clock import day_of, is_day_form
from onrecord.records.disk import is_file
from onrecord.records.findings import Finding, finding, shown
from onrecord.records.model import Reply, is_handle
from onrecord.records.reading.fields import Fields
from onrecord.records.reading.frontmatter import split
from onrecord.records.reading.markdown import body_of, tasks_in
from onrecord.records.shapes import REPLY
from onrecord.records.vocabulary import DECISIONS_FOLDER, NOBODY_YET, Says
from onrecord.text.unseen import without_comments

_IS_REPLY = re.compile(r"^(?:says|from)[ \t]*:", re.MULTILINE)
_SAYS = re.compile(r"^says[ \t]*:", re.MULTILINE)
_NAMED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-(.+)", re.DOTALL)
_NUMBERED = re.compile(r"-[0-9]{1,3}\Z")


def record_of(path: str) -> str:
    """The path of the record that a file in a folder of its name replies to."""
    return posixpath.dirname(path) + ".md"


def has_record(file: Path) -> bool:
    """True where a record has the name of the file's folder, and is beside it."""
    return is_file(file.parent.with_name(f"{file.parent.name}.md"))


def name_of(day: date | str, handle: str, number: int = 1) -> str:
    """The name of a reply's file; from the second of a day on it has a number."""
    who = handle.replace("/", "-")
    return f"{day}-{who}-{number}.md" if number > 1 else f"{day}-{who}.md"


def is_reply(path: str, text: str, is_beside_one: bool) -> bool:
    """True for a file below `decisions/` that is meant as a reply, and not as a decision.

    `is_beside_one` is true where a record has the name of its folder. There a file that is named as
    replies are counts without front matter too: what it lacks is then said of a reply.
    """
    if text.lstrip().startswith("---"):
        return _has_key(text, _IS_REPLY)
    stem = posixpath.basename(path).removesuffix(".md")
    return is_beside_one and _NAMED.fullmatch(stem) is not None


def says_something(text: str) -> bool:
    """True where the front matter has the key that only a reply has."""
    return text.lstrip().startswith("---") and _has_key(text, _SAYS)


def _has_key(text: str, key: re.Pattern[str]) -> bool:
    begins = text.lstrip()
    # Only the front matter is asked: below it, `from:` may begin a line of prose.
    closed = begins.find("\n---", 3)
    return key.search(begins, 0, closed if closed >= 0 else len(begins)) is not None


def reply_of(path: str, text: str) -> tuple[Reply, list[Finding]]:
    """A reply; its id is the file's stem."""
    source = split(path, text)
    fields = Fields(path, source.entries, REPLY.keys, "a reply")
    faults = [*source.findings]
    if source.has_front_matter and not any(f.code == "yaml-broken" for f in faults):
        fields.missing()
    stem = posixpath.basename(path).removesuffix(".md")
    who = fields.handle("from")
    body = body_of(source.body, source.body_line)
    says = fields.word("says", Says)
    day, named = _named(path, stem, who, fields)
    faults += [*fields.findings, *named]
    if any(fault.code == "front-matter-missing" for fault in faults):
        faults = [_without_front_matter(path, stem)]
    words = without_comments(body.text).strip()
    ticks = [task.done for task in tasks_in(body.text)]
    reply = Reply(
        id=stem,
        path=path,
        title=stem,
        body=body,
        # Where the file's name and `from` differ, nobody can tell whose words these are.
        who="" if named and named[0].code == "reply-name" else who,
        says=says,
        to=fields.text("to").removesuffix(".md").rpartition("/")[2],
        day=day,
        about=record_of(path),
        text=words,
        is_ticked=bool(ticks) and all(ticks),
        places=fields.places,
    )
    if says is not None and says.needs_words and not words:
        what = "a read-back in your own words" if says is Says.ACCEPTED else "what you want to say"
        said = f"the reply says {says}, but has no text below the front matter"
        faults.append(finding(path, "reply-empty", said, f"write {what} below the second ---"))
    if says is Says.ANSWER and not reply.to and "to" not in fields.places:
        said, hint = "an answer doesn't say what it answers", "add to: 2026-09-18-carol"
        faults.append(finding(path, "key-missing", said, hint, *reply.place("says")))
    if reply.to and says is not None and says is not Says.ANSWER:
        said = f"`to` is for an answer, and this reply says {says}"
        hint = "write says: answer, or take `to` out"
        faults.append(finding(path, "reply-unfit", said, hint, *reply.place("to")))
    return reply, faults


def _named(path: str, stem: str, who: str, fields: Fields) -> tuple[date | None, list[Finding]]:
    """The day of a reply, and what is wrong with the name of its file."""
    found = _NAMED.fullmatch(stem)
    right = name_of("2026-09-18", who or "bob")
    if found is None:
        said = f"a reply's file is named by its day and its author, not {shown(stem)}"
        return None, [finding(path, "reply-name", said, f"rename it, such as {right}")]
    faults: list[Finding] = []
    by = found[2]
    place = fields.places.get("from", (1, 1))
    if NOBODY_YET in (by.casefold(), _NUMBERED.sub("", by.casefold()), who.casefold()):
        said = f"“{NOBODY_YET}” is still there instead of your own handle"
        hint = "put your name on the forge into the file's name and into `from`"
        faults.append(finding(path, "reply-name", said, hint, *place))
    elif who and is_handle(who) and not _is_of(by, who):
        said = f"the file's name says {shown(by)}, `from` says {shown(who)}; it counts for neither"
        hint = f"rename it {name_of(found[1], who)}, or correct `from`"
        faults.append(finding(path, "reply-name", said, hint, *place))
    try:
        return day_of(found[1]), faults
    except ValueError:
        assert is_day_form(found[1])
        said = f"the day in the file's name, {found[1]}, doesn't exist"
        hint = "rename the file, with the day as YYYY-MM-DD"
        return None, [*faults, finding(path, "date-impossible", said, hint)]


def _is_of(by: str, who: str) -> bool:
    """True where a file's name names this person, with or without a number behind it."""
    named, wanted = (_same(text) for text in (by, who.replace("/", "-")))
    return named == wanted or (
        named.startswith(wanted) and _NUMBERED.fullmatch(named[len(wanted) :]) is not None
    )


def _same(text: str) -> str:
    """Some disks take names apart into letters and accents."""
    return unicodedata.normalize("NFC", text).casefold()


def _without_front_matter(path: str, stem: str) -> Finding:
    found = _NAMED.fullmatch(stem)
    who = _NUMBERED.sub("", found[2]) if found else "bob"
    says = Says.FEEDBACK if path.startswith(f"{DECISIONS_FOLDER}/") else Says.ACCEPTED
    said = "the reply doesn't say who it is from and what it does, so it doesn't count yet"
    hint = f"begin with a line ---, then from: {who}, then says: {says}, then a line ---"
    return finding(path, "front-matter-missing", said, hint)
