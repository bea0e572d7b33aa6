"""The one comment of a pull or merge request: what a branch changes on record, as Markdown.

In come a branch and the addresses of its files and pages; out comes one comment that fits every
forge. What people wrote is shown as text, and its links lead to the addresses given alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onrecord.forges.branch import Branch, Gate, Passing
from onrecord.forges.governing import Governed, Rule
from onrecord.forges.text import address, code, plain, yaml_id
from onrecord.lifecycle.stages import Lack
from onrecord.records.findings import Finding, count, shown
from onrecord.records.model import Decision

if TYPE_CHECKING:  # numpy takes longer to load than most commands run
    from onrecord.precedents.before import Earlier
    from onrecord.precedents.engine import Quote

STATUS_MARK = "<!-- onrecord: status -->"
"""The first line, by which the one comment of a request is found and updated."""

LONGEST = 60_000
"""Forges hold 65,536 characters in a comment; the rest is kept for the forge's own."""

MOST_FINDINGS, MOST_LACKS, MOST_PAGES = 50, 20, 100
MOST_FILES = 5
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Places:
    """Where a reader can look: all addresses are given, none is made up.

    `files` is the address below which the forge shows this branch's files, `preview` that of the
    built site, `download` that of an archive of it; '' where there is none. `pages` holds the
    address of each record's page in the built site, by its path in the repository;
    `codeowners_outdated` is the CODEOWNERS file that no longer matches the roles.
    """

    files: str = ""
    preview: str = ""
    download: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    codeowners_outdated: str = ""


def status_comment(branch: Branch, places: Places) -> str:
    """The comment for a branch, never longer than a forge takes."""
    head = [STATUS_MARK, "## On record", "", _summary(branch), ""]
    return _within_limit("\n".join(head), _blocks(branch, places))


def _within_limit(head: str, blocks: Iterable[str]) -> str:
    text, left_out = head, 0
    for block in blocks:
        if left_out or _length(text) + _length(block) > LONGEST:
            left_out += 1
        else:
            text += "\n" + block
    if left_out:
        text = text.rstrip() + "\n\n`onrecord status --changed …` shows the rest.\n"
    return text.rstrip() + "\n"


def _length(text: str) -> int:
    """As forges count it: what is beyond the first 65,536 signs of Unicode counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _summary(branch: Branch) -> str:
    if not branch.paths:
        return "This branch changes no file here."
    kinds = ((len(branch.gates), "decision"), (len(branch.handoffs), "handoff"))
    said = [count(number, noun) for number, noun in kinds if number]
    said.append(f"{count(len(branch.paths), 'file')} in all")
    waiting = sum(bool(gate.missing) for gate in branch.gates)
    found = count(len(branch.findings), "finding") if branch.findings else "no findings"
    gates = f", {count(waiting, 'gate')} still closed" if waiting else ""
    return f"{', '.join(said)}: **{found}**{gates}."


def _blocks(branch: Branch, places: Places) -> Iterator[str]:
    """The parts of the comment, what must be fixed first; each is short."""
    if branch.findings:
        yield from _findings(branch.findings, places)
    if branch.elsewhere:
        # It may be this branch's doing: a record it takes away is missed where it was named.
        number = count(branch.elsewhere, "finding")
        yield f"In files it doesn't change: {number}; `onrecord check` lists them.\n"
    if branch.gates:
        yield "### Decisions\n"
    for gate in branch.gates:
        yield from _gate(gate, places)
    if branch.handoffs:
        yield "### Handoffs\n"
        for passing in branch.handoffs:
            yield _passing(passing, places)
    if branch.governed:
        yield from _governed(branch.governed)
    if places.codeowners_outdated:
        path = code(places.codeowners_outdated)
        yield (
            f"\n`{path}` no longer matches the roles: run `onrecord codeowners --write {path}`.\n"
        )
    yield from _preview(branch, places)


def _findings(findings: tuple[Finding, ...], places: Places) -> Iterator[str]:
    yield f"### To fix: {len(findings):,}\n"
    for found in findings[:MOST_FINDINGS]:
        where = _at(found.path, found.line, places)
        message, hint = (plain(shown(text, LONGEST_TEXT)) for text in (found.message, found.hint))
        yield f"- {where}: {message}; *{hint}*"
    if len(findings) > MOST_FINDINGS:
        yield f"- … and {len(findings) - MOST_FINDINGS:,} more; see `onrecord check`"
    yield ""


def _gate(gate: Gate, places: Places) -> Iterator[str]:
    decision = gate.decision
    lines = [
        f"#### {_title(decision.title)}",
        "",
        f"{_standing(gate)} {_at(decision.path, None, places)}",
    ]
    if gate.skipped:
        skipped = ", ".join(gate.skipped)
        lines += ["", f"**It passes over {skipped}**: stages are taken one at a time."]
    if gate.missing and decision.stage is not None:
        following = decision.stage.next
        goal = f"it can move on to {following}" if following else "it is closed"
        lines += ["", f"Missing before {goal}:", ""]
        lines += (_lack(lack, decision.path, places) for lack in gate.missing[:MOST_LACKS])
    elif not gate.is_over and decision.stage is not None and decision.stage.next:
        lines += ["", f"Nothing is missing: it can move on to {decision.stage.next}."]
    yield "\n".join(lines) + "\n"
    if gate.earlier:
        yield (
            "\n".join(["We had this before:", "", *_about(decision, gate.earlier, gate.to_answer)])
            + "\n"
        )


def _about(
    decision: Decision, earlier: Sequence[Earlier], to_answer: Sequence[Earlier]
) -> Iterable[str]:
    """The lines on what is close to one decision, and on what of it the gate asks about."""
    for one in earlier:
        yield _precedent(one, decision)
        for quote in one.why.quotes:
            yield f"  > {_quoted(quote)}"
        if one.why.quotes:
            yield ""
    if to_answer:
        yield ""
        yield (
            f"**To answer before it moves on: {len(to_answer)}.** "
            f"In the front matter of `{code(decision.path)}`, say how:"
        )
        yield ""
        yield "```yaml"
        yield "precedents:"
        for one in to_answer:
            yield f"  - record: {yaml_id(one.decision.id)}"
            yield "    verdict: differs   # or repeats, extends, reverses"
            yield "    why: …"
        yield "```"
    yield ""


def _precedent(one: Earlier, asking: Decision) -> str:
    decision = one.decision
    day = decision.filed
    when = f", {day}" if day else ""
    shared = "".join(f", tag {plain(tag)}" for tag in one.why.tags)
    answer = ""
    if one.answer is not None and one.answer.verdict is not None:
        answer = f"; this one **{one.answer.verdict}**"
    elif asking.outcome is None and decision.id not in asking.supersedes:
        answer = "; not answered yet"
    return (
        f"- **{plain(decision.title)}** ({one.status}{when}; {one.closeness}{shared}{answer}), "
        f"`{code(decision.path)}`"
    )


def _quoted(quote: Quote) -> str:
    """The sentence with its matching words in bold."""
    parts, position = [], 0
    for start, end in quote.marks:
        parts.append(plain(quote.text[position:start]))
        word = plain(quote.text[start:end])
        parts.append(f"**{word}**" if word.strip() else word)
        position = end
    parts.append(plain(quote.text[position:]))
    return "".join(parts)


def _standing(gate: Gate) -> str:
    decision = gate.decision
    if decision.stage is None:
        return "Its stage can't be read."
    place = f"**{decision.stage}** ({decision.stage.number} of 5)"
    if gate.is_over:
        return f"**{gate.status}**, and nothing is left to do."
    if decision.outcome is not None:
        place = f"**{gate.status}**, in {place}"
    if gate.is_new:
        return f"New, in {place}."
    if gate.was is not None and gate.was is not decision.stage:
        return f"Now in {place}; it was in {gate.was}."
    return f"In {place}."


def _lack(lack: Lack, path: str, places: Places) -> str:
    who = f" ({', '.join(map(plain, lack.who))})" if lack.who else ""
    where = f", {_at(path, lack.line, places, short=True)}" if lack.line else ""
    # A handle would be kept from calling anybody, and then be no handle when it is copied.
    has_handle = "@" in lack.example or "\n" in lack.example
    example = f": `{code(lack.example)}`" if lack.example and not has_handle else ""
    return f"- {plain(lack.text)}{who}{where}{example}"


def _passing(passing: Passing, places: Places) -> str:
    handoff = passing.handoff
    until = f" until {handoff.until}" if handoff.until else ""
    begins = f" from {handoff.effective}{until}" if handoff.effective else ""
    missing = f" Missing: {plain(' and '.join(passing.missing))}." if passing.missing else ""
    loops = f" {count(passing.open_loops, 'open loop')}." if passing.open_loops else ""
    return (
        f"- **{_title(passing.role_title)}**, {_title(handoff.title)}{begins}: {passing.turn}."
        f"{missing}{loops} {_at(handoff.path, None, places)}"
    )


def _governed(found: Sequence[Governed]) -> Iterator[str]:
    """Each decision in force that applies to changed files, with its owner and the files."""
    paths: dict[Rule, list[str]] = {}
    for one in found:
        for by in one.by:
            paths.setdefault(by.rule, []).append(one.path)
    yield "### Decisions in force for these files\n"
    for rule in list(paths)[:MOST_PAGES]:
        files = ", ".join(f"`{code(path)}`" for path in paths[rule][:MOST_FILES])
        more = f" and {len(paths[rule]) - MOST_FILES:,} more" if paths[rule][MOST_FILES:] else ""
        owner = f", owner {plain(rule.owner)}" if rule.owner else ""
        yield f"- **{_title(rule.title)}** (`{code(rule.place)}`{owner}): {files}{more}"
    if len(paths) > MOST_PAGES:
        yield f"- … and {len(paths) - MOST_PAGES:,} more; see `onrecord governs`"
    yield ""


def _preview(branch: Branch, places: Places) -> Iterator[str]:
    pages = [page for page in branch.pages if page.path in places.pages]
    if places.preview:
        home = address(places.preview, "index.html")
        yield f"\n### Preview\n\n[The site with this branch]({home})\n"
    elif places.download:
        yield (
            f"\n### Preview\n\n[Download the site with this branch]({places.download}), unpack it, "
            "and open in a browser:\n"
        )
    else:
        return
    for page in pages[:MOST_PAGES]:
        place = places.pages[page.path]
        if places.preview:
            yield f"- [{_title(page.title)}]({address(places.preview, place)})"
        else:
            yield f"- {_title(page.title)}: `{code(place)}`"
    if len(pages) > MOST_PAGES:
        yield f"- … and {len(pages) - MOST_PAGES:,} more"


def _title(title: str) -> str:
    return plain(shown(title, LONGEST_TEXT))


def _at(path: str, line: int | None, places: Places, short: bool = False) -> str:
    """A place in a file, as a link where the forge's address is known."""
    number = f"line {line}" if line else ""
    words = number if short else f"`{code(path)}`{f', {number}' if number else ''}"
    if not places.files:
        return words
    # Forges show Markdown as a page, which has no lines, unless they are asked for its text.
    anchor = f"?plain=1#L{line}" if line else ""
    return f"[{words}]({address(places.files, path)}{anchor})"
