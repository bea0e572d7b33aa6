"""Reading a folder: whatever is in it, a library and findings come out, the same each time."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from datetime import date
from pathlib import Path

import pytest

from onrecord.lifecycle.relations import relate
from onrecord.records.findings import (
    CODES,
    Finding,
    Severity,
    did_you_mean,
    finding,
    in_order,
    shown,
)
from onrecord.records.library import Library
from onrecord.records.reading import read_library
from onrecord.records.reading.frontmatter import MAX_FILE
from onrecord.records.vocabulary import Stage

FIXTURES = Path(__file__).parents[1] / "fixtures"
FACE = "---\ntitle: A\nstage: assess\n"


def findings_of(library: Library) -> tuple[Finding, ...]:
    return in_order((*library.findings, *relate(library).findings))


def base(root: Path, **files: str | bytes) -> Path:
    """A base with one decision for each name."""
    (root / "decisions").mkdir()
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (root / "decisions" / f"{name}.md").write_bytes(data)
    return root


def codes(root: Path) -> list[tuple[int, int, str]]:
    return [(f.line, f.column, f.code) for f in findings_of(read_library(root))]


# The malformed base


def test_every_fault_of_the_malformed_base_is_listed_at_once() -> None:
    found = findings_of(read_library(FIXTURES / "malformed"))
    printed = "".join(
        f"{f.path}:{f.line}:{f.column}: {f.severity} {f.code}: {f.message}\n    {f.hint}\n"
        for f in found
    )
    assert printed == (FIXTURES / "malformed.txt").read_text(encoding="utf-8")


def test_a_record_with_faults_is_still_there_with_what_could_be_read() -> None:
    library = read_library(FIXTURES / "malformed")
    expected = {
        "not-utf8": ("Caf\ufffd", "The body of a file in Latin-1 is still shown: caf\ufffd."),
        "late-front-matter": ("Late front matter", "Body of the late one."),
        "unclosed-front-matter": ("Unclosed", "Body of the unclosed one."),
        "no-front-matter": ("No front matter", "Body of the plain one."),
        "broken-yaml": ("broken-yaml", "Body of the broken one."),
        "html": ('<script>alert("title")</script>', '# <script>alert("heading")</script>'),
        "duplicate-keys": ("First title", ""),
        "empty": ("empty", ""),
        "binary": ("binary", ""),
    }
    for name, (title, text) in expected.items():
        assert library.decision[name].title == title
        assert text in library.decision[name].body.text
    assert library.decision["broken-yaml"].stage is Stage.ASSESS
    assert [page.path for page in library.pages] == ["playbooks/lead/notes/misplaced.md"]


def test_reading_is_the_same_wherever_and_whenever(tmp_path: Path) -> None:
    for name in ("good", "malformed"):
        shutil.copytree(FIXTURES / name, tmp_path / name)
        here, there = read_library(FIXTURES / name), read_library(tmp_path / name)
        assert here == there
        assert findings_of(here) == findings_of(there)
        assert list(here.by_path) == list(there.by_path)
        paths = [decision.path for decision in here.decisions]
        assert paths == sorted(paths)
        first_of_each = {Path(path).stem: path for path in reversed(paths)}
        assert {i: d.path for i, d in here.decision.items()} == first_of_each
        assert [d.path for d in here.decision.values()] == sorted(first_of_each.values())


def test_nothing_is_changed_by_reading(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "malformed", tmp_path / "base")
    before = {f: f.read_bytes() for f in (tmp_path / "base").rglob("*") if f.is_file()}
    findings_of(read_library(tmp_path / "base"))
    after = {f: f.read_bytes() for f in (tmp_path / "base").rglob("*") if f.is_file()}
    assert after == before


def test_a_folder_with_nothing_in_it_is_an_empty_base(tmp_path: Path) -> None:
    assert read_library(tmp_path) == Library()


# What nobody would write


def test_ten_thousand_tags_are_one_finding(tmp_path: Path) -> None:
    tags = "".join(f"  - tag{i}\n" for i in range(10_000))
    root = base(tmp_path, many=f"{FACE}tags:\n{tags}---\n")
    (found,) = findings_of(read_library(root))
    assert (found.code, found.line, found.column) == ("value-too-long", 55, 5)
    assert found.message == "`tags` has 10,000 items; the first 50 are read"
    assert len(read_library(root).decision["many"].tags) == 50


def test_very_long_lists_of_each_form_end_with_findings(tmp_path: Path) -> None:
    items = ", ".join(f"x{i}" for i in range(5_000))
    twins = ", ".join(["{record: a}"] * 5_000)
    front = f"consulted: [{items}]\nsupersedes: [{items}]\nprecedents: [{twins}]\n"
    root = base(tmp_path, many=f"{FACE}{front}---\n")
    decision = read_library(root).decision["many"]
    assert (len(decision.consulted), len(decision.supersedes), len(decision.precedents)) == (
        1_000,
        200,
        1,
    )
    assert [c for _, _, c in codes(root)].count("value-too-long") == 3


def test_very_many_keys_are_fifty_findings_and_a_sum(tmp_path: Path) -> None:
    keys = "".join(f"key{i}: 1\n" for i in range(20_000))
    found = findings_of(read_library(base(tmp_path, many=f"{FACE}{keys}---\n")))
    assert len(found) == 51
    assert found[-1].message.startswith("19,950 more keys from here on aren't keys of a decision")


def test_very_many_keys_with_a_slip_among_them_are_one_finding(tmp_path: Path) -> None:
    keys = "".join(f"key{i}: 1\n" for i in range(50_000))
    root = base(tmp_path, many=f"{FACE}owner: %ana\n{keys}---\n\nBody.\n")
    assert codes(root) == [(4, 8, "yaml-broken")]
    assert read_library(root).decision["many"].body.text == "\nBody.\n"


def test_very_many_twins_and_bad_rows_are_told_in_short(tmp_path: Path) -> None:
    root = base(tmp_path, many=FACE + "tags: []\n" * 5_000 + "---\n")
    metrics = root / "playbooks" / "lead" / "metrics"
    metrics.mkdir(parents=True)
    (metrics / "m.md").write_text("---\ntitle: M\ncadence: weekly\n---\n")
    (metrics / "m.csv").write_text("date,value\n" + "x,1\n" * 5_000 + "2026-01-05,7\n")
    library = read_library(root)
    assert [value.value for value in library.metrics[0].values] == [7]
    twins = [f for f in library.findings if f.code == "key-twice"]
    rows = [f for f in library.findings if f.code == "series-broken"]
    assert (len(twins), len(rows)) == (100, 100)
    assert twins[-1].message.endswith("is read (and 4,899 more faults like this)")
    assert rows[-1].message == "`x` isn't a date (and 4,900 more faults like this)"


def test_aliases_multiply_nothing(tmp_path: Path) -> None:
    twin = "{" + ", ".join(f"key{i}: 1" for i in range(2_000)) + "}"
    people = f"p0: &p {twin}\n" + "".join(f"p{i}: *p\n" for i in range(1, 2_000))
    root = base(tmp_path, a=f"{FACE}x: &x {twin}\nprecedents: [{', '.join(['*x'] * 200)}]\n---\n")
    (root / "playbooks").mkdir()
    (root / "playbooks" / "people.yml").write_text(people)
    library = read_library(root)
    assert len(library.people) == 2_000
    assert len(library.findings) < 200


@pytest.mark.parametrize("depth", [30, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_deep_nesting_is_a_finding(depth: int, opening: str, closing: str, tmp_path: Path) -> None:
    deep = opening * depth + closing * depth
    root = base(tmp_path, deep=f"{FACE}owner:\n  {deep}\n---\n")
    found = findings_of(read_library(root))
    assert found
    assert {f.code for f in found} <= {"yaml-broken", "type-wrong"}


TOO_LONG = (
    "this is too complex to turn into a page, so it is shown as plain text: "
    "2,000,000 characters, where 500,000 are the most"
)


def test_a_file_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    root = base(tmp_path, big=b"x" * 10_000_000, fits=b"x" * MAX_FILE)
    assert [(f.path, f.code, f.message) for f in findings_of(read_library(root))] == [
        ("decisions/big.md", "file-too-large", "the file has 10.0 MB; it was not read"),
        ("decisions/fits.md", "front-matter-missing", "the file begins without front matter"),
        ("decisions/fits.md", "text-too-complex", TOO_LONG),
    ]


def test_a_file_s_name_may_be_anything(tmp_path: Path) -> None:
    root = base(tmp_path)
    for name in (
        b"\xff.md",
        "é ü.md".encode(),
        b"a\n::error::b.md",
        b"<b>.md",
        b"x" * 200 + b".md",
    ):
        Path(os.fsdecode(os.fsencode(root / "decisions") + b"/" + name)).write_text(f"{FACE}---\n")
    library = read_library(root)
    assert {d.id for d in library.decisions} == {"é ü", "a\n::error::b", "<b>", "x" * 200}
    assert [(f.path, f.code) for f in findings_of(library)] == [
        ("decisions/<b>.md", "name-elsewhere"),
        ("decisions/a\n::error::b.md", "name-elsewhere"),
        ("decisions/\ufffd.md", "file-not-text"),
    ]


def test_names_of_what_is_beside_may_be_too_long_for_the_disk(tmp_path: Path) -> None:
    root = base(tmp_path)
    reply = root / "decisions" / ("x" * 253) / "2026-01-01-bob.md"
    metric = root / "playbooks/r/metrics" / f"{'x' * 252}.md"
    for file in (reply, metric):
        file.parent.mkdir(parents=True)
        file.write_text(f"{FACE}---\n")
    assert {f.code for f in read_library(root).findings} >= {"series-missing"}


def test_folders_may_lie_deep(tmp_path: Path) -> None:
    root = base(tmp_path)
    here = os.open(root / "decisions", os.O_RDONLY)
    for _ in range(1_100):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    try:
        library = read_library(root)
    finally:  # deeper than Python's own removal of a temporary folder can go
        subprocess.run(["rm", "-rf", root / "decisions" / "d"], check=True)
    assert library.decisions == ()
    assert {f.code for f in library.findings} <= {"file-unreadable"}


def test_what_is_neither_file_nor_folder_is_named_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = base(tmp_path)
    os.mkfifo(root / "decisions" / "pipe.md")
    (root / "decisions" / "folder.md").mkdir()
    (root / "docs").mkdir(exist_ok=True)
    monkeypatch.chdir(root)  # a socket's address must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("docs/socket")
        os.mkfifo(root / "docs" / "pipe")
        found = findings_of(read_library(root))
    assert [(f.path, f.code) for f in found] == [
        ("decisions/pipe.md", "file-special"),
        ("docs/pipe", "file-special"),
        ("docs/socket", "file-special"),
    ]


def test_a_link_out_is_neither_followed_nor_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(f"{FACE}---\nsecret words\n")
    (tmp_path / "base").mkdir()
    root = base(tmp_path / "base", a=f"{FACE}---\n[x](../../secret.md)\n")
    (root / "decisions" / "out.md").symlink_to(secret)
    (root / "playbooks").symlink_to(tmp_path)
    library = read_library(root)
    assert "secret words" not in repr(library)
    assert [(f.path, f.code) for f in findings_of(library)] == [
        ("decisions/a.md", "link-nowhere"),
        ("decisions/out.md", "link-out-of-repository"),
        ("playbooks", "link-out-of-repository"),
    ]


# Forms


def test_handles_and_ids_in_any_script(tmp_path: Path) -> None:
    front = 'owner: "@हिन्दी"\nconsulted: [zoë, 支払, team/ana, a.b-c_d]\n'
    root = base(
        tmp_path, **{"支払日": f"{FACE}{front}---\n", "b": f"{FACE}related: [支払日]\n---\n"}
    )
    assert findings_of(read_library(root)) == ()


def test_values_are_what_the_person_typed(tmp_path: Path) -> None:
    root = base(
        tmp_path,
        a='---\ntitle: >\n  Folded\n  title\nstage: "assess"\ntags: ["0012", "no", \'1.0\']\n'
        "due: '2026-10-05'\n---\n",
    )
    assert findings_of(read_library(root)) == ()
    decision = read_library(root).decision["a"]
    assert decision.title == "Folded title"
    assert decision.tags == ("0012", "no", "1.0")
    assert decision.due == date(2026, 10, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_change_nothing(end: str, mark: str, tmp_path: Path) -> None:
    text = f"{FACE}onwer: x\n---\n\n## Problem\n\nText.\n"
    root = base(tmp_path, a=(mark + text.replace("\n", end)).encode())
    assert codes(root) == [(4, 1, "key-unknown")]
    (section,) = read_library(root).decision["a"].body.sections
    assert (section.title, section.line, section.text) == ("Problem", 7, "Text.")


# Findings themselves


def test_findings_are_sorted_and_each_is_there_once() -> None:
    b, a2, a10 = (
        finding(path, "file-empty", "m", "h", line)
        for path, line in (("b", 1), ("a", 2), ("a", 10))
    )
    assert in_order([b, a10, a2, b]) == (a2, a10, b)


def test_a_finding_is_one_line_and_its_severity_follows_from_its_code() -> None:
    found = finding("a", "dates-order", "a\nb\u2028c", "h\x1b[0m")
    assert (found.message, found.hint, found.severity) == ("a b c", "h [0m", Severity.WARNING)
    assert all(meaning.endswith(".") for _, meaning in CODES.values())


def test_what_a_person_typed_is_shown_short() -> None:
    assert shown("a\t b\n") == "a b"
    assert shown("x" * 61) == "x" * 59 + "…"
    assert len(shown("x" * 5_000_000)) == 60


def test_a_guess_is_made_for_slips_only() -> None:
    assert did_you_mean("Reveiw", Stage) == 'did you mean "review"? '
    assert did_you_mean("zzz", Stage) == ""
    assert did_you_mean("review" * 1_000_000, Stage) == ""
