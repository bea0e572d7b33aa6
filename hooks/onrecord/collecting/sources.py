"""Reading one number from each kind of source.

In come a metric's `collect` and what the run allows; out comes what was taken, or `SourceFails`
with the reason. Nothing here writes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, NoReturn
from urllib.parse import urlencode, urlsplit, urlunsplit

from onrecord.collecting.asking import MOST_BYTES, Access, SourceFails, SourceRefuses, ask
from onrecord.collecting.commands import printed_by
from onrecord.collecting.numbers import day_in, number_of
from onrecord.collecting.own import number_of_base, number_of_git
from onrecord.collecting.working_copy import state_of, working_copy
from onrecord.forges.counting import count_on_forge
from onrecord.forges.listing import ForgeRefusesError
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.disk import open_file, place
from onrecord.records.findings import shown
from onrecord.records.model import Collect
from onrecord.records.vocabulary import Source

_REST = "\0"
"""Where a row of a table has what is beyond its columns; no column is called so."""

_FORK = ("GITHUB_HEAD_REF", "CI_MERGE_REQUEST_IID")
"""What a CI job of a request has in its environment."""


@dataclass(frozen=True)
class SourceRun:
    """What a source is asked with. `since` and `until` are the last whole period's days."""

    base: KnowledgeBase
    access: Access
    since: date
    until: date
    commands: bool = False
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.base.today


class Taken(NamedTuple):
    """A number as a series writes it, its day, where it is from, and the digest of the answer."""

    number: str
    day: date
    what: str
    digest: str


def read(collect: Collect, asked: SourceRun) -> Taken:
    """The number of a source. Raises `SourceFails`."""
    return _READERS[collect.source](collect, asked)


def is_of_period(collect: Collect) -> bool:
    """True for what is counted over a whole period; the others are as they are now."""
    if collect.source is Source.GIT:
        return collect.what in ("commits", "lead-time")
    return collect.source is Source.FORGE and collect.wanted["value"] == "closed"


def _of_json(collect: Collect, asked: SourceRun) -> Taken:
    data = _bytes_of(collect.what, asked, "application/json")
    found = json_of(data)
    number = number_of(_searched(collect.wanted["value"], found))
    day = asked.today
    if "day" in collect.wanted:
        day = day_in(_searched(collect.wanted["day"], found), asked.today)
    return Taken(number, day, f"json {_shown_place(collect.what)}", _digest(data))


def _of_csv(collect: Collect, asked: SourceRun) -> Taken:
    data = _bytes_of(collect.what, asked, "text/csv")
    text = _text_of(data)
    first = text.partition("\n")[0]
    # csv.Sniffer guesses from the values too, and can take any letter for a separator.
    separator = max(",;\t", key=first.count)
    try:
        rows = csv.DictReader(
            io.StringIO(text, newline=""), delimiter=separator, restkey=_REST, strict=True
        )
        # `strict` alone takes two columns of one name; DictReader would keep the last of them.
        heads = [head.strip() for head in rows.fieldnames or ()]
        rows.fieldnames = heads
        wanted = [collect.wanted[key] for key in ("value", "day") if key in collect.wanted]
        for name in wanted:
            if heads.count(name) != 1:
                many = "more than one column" if name in heads else "no column"
                raise SourceFails(f"it has {many} {shown(name)}; its columns are {_few(heads)}")
        # Tables that programs append to often end in lines that hold only separators.
        full = [row for row in rows if any(row.get(name) for name in wanted)]
    except csv.Error as error:
        raise SourceFails(f"it isn't CSV: {error}") from None
    if not full:
        raise SourceFails("the table has no rows")
    row, day = full[-1], asked.today
    if "day" in collect.wanted:
        past = [one for one in full if _is_past(one[collect.wanted["day"]], asked.today)]
        if not past:
            raise SourceFails("no row has a day, written YYYY-MM-DD, that has come")
        newest = max(str(one[collect.wanted["day"]]).strip()[:10] for one in past)
        several = [one for one in past if str(one[collect.wanted["day"]]).strip()[:10] == newest]
        # Which of them counts isn't said anywhere, and a guess would become a number on record.
        if len({one[collect.wanted["value"]] for one in several}) > 1:
            raise SourceFails(f"{len(several)} rows have the day {newest}, with different values")
        row, day = several[0], day_in(newest, asked.today)
    # `98,5` in a table with commas is two cells. The first alone would be a number, and a wrong
    # one.
    if any(row.get(_REST) or ()):
        raise SourceFails(
            f"its last row has more columns than its head, which are {_few(heads)}; "
            "a number must have a point, not a comma"
        )
    number = number_of(row[collect.wanted["value"]] or "")
    return Taken(number, day, f"csv {_shown_place(collect.what)}", _digest(data))


def _of_prometheus(collect: Collect, asked: SourceRun) -> Taken:
    address = f"{collect.what.rstrip('/')}/api/v1/query?"
    address += urlencode({"query": collect.wanted["value"]})
    try:
        data = ask(address, asked.access, "application/json")
    except SourceRefuses as error:
        raise SourceFails(f"{error}{_error_in(error.data)}") from None
    found = json_of(data)
    inner = found.get("data") if isinstance(found, dict) else None
    if not isinstance(inner, dict) or found.get("status") != "success":
        raise SourceFails("its answer isn't one of Prometheus")
    warnings = found.get("warnings") or []
    # A store that failed is only warned of, and the number is then that of the others. What
    # PromQL itself remarks on a query is no failure.
    if failed := [one for one in warnings if not str(one).startswith("PromQL ")]:
        raise SourceFails(f"its answer is incomplete: {shown(str(failed[0]), 120)}")
    kind, result = inner.get("resultType"), inner.get("result")
    if kind == "vector" and isinstance(result, list):
        if len(result) != 1:
            raise SourceFails(
                f"the query gives {len(result)} numbers, not one; sum() or avg() make one of many"
            )
        result = result[0].get("value") if isinstance(result[0], dict) else None
    if kind == "matrix" or not isinstance(result, list) or len(result) != 2:
        raise SourceFails("the query gives no single number")
    what = f"prometheus {_shown_place(collect.what)}"
    return Taken(number_of(result[1]), asked.today, what, _digest(data))


def _error_in(data: bytes) -> str:
    """What Prometheus says of a query it refuses; '' where it says nothing."""
    try:
        found = json_of(data)
    except SourceFails:
        return ""
    said = found.get("error") if isinstance(found, dict) else None
    return f": {shown(said, 160)}" if isinstance(said, str) else ""


def _of_git(collect: Collect, asked: SourceRun) -> Taken:
    folder = collect.wanted.get("path", "")
    found, told = number_of_git(asked.base.root, collect.what, folder, asked.since, asked.until)
    day = asked.until if is_of_period(collect) else asked.today
    return Taken(number_of(found), day, f"git {collect.what}", _digest(told.encode()))


def _of_forge(collect: Collect, asked: SourceRun) -> Taken:
    wanted = collect.wanted
    try:
        found, told = count_on_forge(
            collect.what,
            wanted["value"],
            label=wanted.get("label", ""),
            older_than=int(wanted.get("older_than", "0")),
            days=(asked.since, asked.until),
            today=asked.today,
            environment=asked.environment,
        )
    except ForgeRefusesError as error:
        raise SourceFails(str(error)) from None
    if found is None:
        raise SourceFails(f"no {collect.what.removesuffix('s')} is open")
    day = asked.until if is_of_period(collect) else asked.today
    what = f"forge {collect.what} {wanted['value']}"
    return Taken(number_of(found), day, what, _digest(told.encode()))


def _of_base(collect: Collect, asked: SourceRun) -> Taken:
    found = number_of_base(asked.base, collect.what)
    if found is None:
        raise SourceFails("in the last 91 days there was nothing to count")
    # No answer was fetched; the digest is that of the number itself.
    number = number_of(found)
    return Taken(number, asked.today, f"base {collect.what}", _digest(number.encode()))


def _of_numbers(collect: Collect, asked: SourceRun) -> Taken:
    address = collect.what
    if not address.endswith(".json"):
        address = f"{address.rstrip('/')}/records.json"
    data = ask(address, asked.access, "application/json")
    found = json_of(data)
    records = found.get("records") if isinstance(found, dict) else None
    role, _, name = collect.wanted["value"].partition("/")
    for one in records if isinstance(records, list) else ():
        if isinstance(one, dict) and (one.get("kind"), one.get("role"), one.get("id")) == (
            "metric",
            role,
            name,
        ):
            return _newest(one.get("values"), collect, asked, data)
    raise SourceFails(f"it publishes no metric {shown(collect.wanted['value'])}")


def _newest(values: Any, collect: Collect, asked: SourceRun, data: bytes) -> Taken:
    """The newest value of another base's metric that isn't ahead of today."""
    values = values if isinstance(values, list) else []
    known = [one for one in values if isinstance(one, dict)]
    past = [one for one in known if _is_past(one.get("date"), asked.today)]
    if not past:
        raise SourceFails("the metric has no value there")
    newest = max(past, key=lambda one: str(one["date"]))
    day = day_in(newest["date"], asked.today)
    what = f"numbers {_shown_place(collect.what)}"
    return Taken(number_of(newest.get("value")), day, what, _digest(data))


def _of_command(collect: Collect, asked: SourceRun) -> Taken:
    if not asked.commands:
        raise SourceFails("commands run only with --commands")
    # A request can change the command, and its own run would start what nobody has read.
    if any(asked.environment.get(name) for name in _FORK):
        raise SourceFails("the run of a pull or merge request can't start commands")
    try:
        words = shlex.split(collect.what)
    except ValueError as error:
        raise SourceFails(f"the command can't be read: {error}") from None
    # The copy keeps a command from changing the repository by mistake. One that looks for it
    # elsewhere still reaches it, and its number is then not taken.
    before = state_of(asked.base.root)
    try:
        with working_copy(asked.base.root) as copy:
            data = printed_by(words, copy)
    except OSError as error:
        raise SourceFails(f"the command can't be run: {error.strerror or error}") from None
    if state_of(asked.base.root) != before:
        raise SourceFails(
            "the command changed files of the repository: look at git status before you commit, "
            "and have it write elsewhere"
        )
    # Programs print progress first; the last line is the answer.
    said = data[-4_000:].decode(errors="replace").strip().splitlines()
    number = number_of(said[-1] if said else "")
    return Taken(number, asked.today, f"command {_shown_place(words[0])}", _digest(data))


_READERS: Mapping[Source, Callable[[Collect, SourceRun], Taken]] = {
    Source.JSON: _of_json,
    Source.CSV: _of_csv,
    Source.PROMETHEUS: _of_prometheus,
    Source.GIT: _of_git,
    Source.FORGE: _of_forge,
    Source.BASE: _of_base,
    Source.NUMBERS: _of_numbers,
    Source.COMMAND: _of_command,
}


def json_of(data: bytes) -> Any:
    """The value of a JSON text; NaN and the like are none. Raises `SourceFails`."""

    def refuse(word: str) -> NoReturn:
        raise SourceFails(f"its JSON holds {word}, which isn't a number")

    text = _text_of(data)
    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        start = text.lstrip()[:15].casefold()
        # What a login page answers, with status 200; “isn't JSON” alone would lead nobody to the
        # token.
        is_page = start.startswith(("<!doctype html", "<html"))
        raise SourceFails(
            "its answer is a web page, not JSON" if is_page else "its answer isn't JSON"
        ) from None


def _searched(expression: str, found: Any) -> Any:
    """What a JMESPath expression finds."""
    import jmespath  # loaded late: one command needs it
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.search(expression, found)
    except JMESPathError as error:
        first = str(error).strip().splitlines()[0]
        raise SourceFails(f"the expression {shown(expression)} fails: {shown(first)}") from None
    # jmespath's functions raise these for values they don't expect; the values are a stranger's.
    except (TypeError, ValueError, ArithmeticError, RecursionError) as error:
        name = type(error).__name__
        raise SourceFails(f"the expression {shown(expression)} fails: {name}") from None


def _bytes_of(what: str, asked: SourceRun, accept: str) -> bytes:
    """What an address answers, or a file of the repository holds."""
    if "://" in what:
        return ask(what, asked.access, accept)
    try:
        with open_file(place(asked.base.root, what)) as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceFails(f"the file can't be read: {error.strerror or error}") from None
    if len(data) > MOST_BYTES:
        raise SourceFails(f"the file has more than {MOST_BYTES // 1_000_000} MB")
    return data


def _text_of(data: bytes) -> str:
    try:
        # Spreadsheets write a byte order mark, which would be part of the first column's name.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceFails("its answer isn't text in UTF-8") from None


def _shown_place(what: str) -> str:
    """An address as an origin names it: without what is asked there, and in one word."""
    if "://" in what:
        parts = urlsplit(what)
        what = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return what.replace(";", "%3B").replace(" ", "%20")[:200]


def _is_past(found: Any, today: date) -> bool:
    try:
        day_in(found, today)
    except SourceFails:
        return False
    return True


def _few(heads: list[str]) -> str:
    return shown(", ".join(heads), 120) or "none"


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()[:12]}"
