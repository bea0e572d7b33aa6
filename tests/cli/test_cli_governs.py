"""`onrecord governs`: which decisions in force apply to a file, here and from elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import Base
from click.testing import CliRunner, Result
from machine_output import conforms
from repository import git
from serving import Quiet, serving
from test_cli_before import commit

from onrecord.cli import governs as command
from onrecord.cli import main
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.clock import day_of
from onrecord.site.machine.records_json import records_json

TODAY = "2026-10-06"
ROLE = "---\ntitle: Payroll lead\npurpose: Everyone is paid.\nholder: alice\n---\n"
ACCEPTED = (
    "---\ntitle: {title}\nsummary: One sentence.\nstage: align\nowner: payroll-lead\n"
    "entered: {{align: 2026-01-01}}\noutcome: {outcome}\ndecided: {day}\n{more}---\n\n{text}\n"
)


def decision(title: str, more: str = "", text: str = "", outcome: str = "accepted") -> str:
    day = "2026-02-01" if title == "Newer" else "2026-01-01"
    return ACCEPTED.format(title=title, outcome=outcome, day=day, more=more, text=text)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    base = Base(tmp_path / "base")
    base.write("playbooks/payroll-lead/index.md", ROLE)
    base.write("decisions/older.md", decision("Older", "governs: [src/**, docs/*.md]\n"))
    base.write("decisions/newer.md", decision("Newer", "governs: [src/pay]\n"))
    base.write("decisions/no.md", decision("No", "governs: [src/**]\n", outcome="rejected"))
    base.write(
        "decisions/link.md", decision("Link", text="See [it](../tools/pay.py), [o](older.md).")
    )
    base.write("tools/pay.py", "")
    base.write("src/pay/run.py", "")
    return base


def run(base: Base, *words: str, root: bool = True) -> Result:
    start = ["--root", str(base.root)] if root else []
    return CliRunner().invoke(main, [*start, "--today", TODAY, "governs", *words])


def found(base: Base, *words: str) -> dict[str, list[str]]:
    result = run(base, *words, "--json")
    assert result.exit_code == 0, result.output
    listed = json.loads(result.stdout)
    conforms("governs")(listed)
    return {one["path"]: [by["id"] for by in one["decisions"]] for one in listed}


def test_a_file_is_spoken_for_by_globs_and_links(base: Base) -> None:
    assert found(base, "src/pay/run.py", "src/x", "docs/a.md", "docs/a/b.md", "tools/pay.py") == {
        "src/pay/run.py": ["newer", "older"],
        "src/x": ["older"],
        "docs/a.md": ["older"],
        "docs/a/b.md": [],
        "tools/pay.py": ["link"],
    }


def test_a_folder_is_spoken_for_by_what_speaks_for_a_file_in_it(base: Base) -> None:
    assert found(base, "src", "tools", "src/pay/") == {
        "src": ["newer", "older"],
        "tools": ["link"],
        "src/pay": ["newer", "older"],
    }


def test_a_person_reads_whose_it_is_and_why(base: Base) -> None:
    assert run(base, "tools/pay.py", "README.md").output == (
        "tools/pay.py\n"
        "    Link (link, in force since 2026-01-01)\n"
        "        One sentence.\n"
        "        owner payroll-lead, @alice answers; links to tools/pay.py; decisions/link.md\n"
        "README.md\n"
        "    No decision in force applies to it.\n"
    )


def test_paths_are_typed_from_where_one_is(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base.root / "src/pay")
    result = run(base, "run.py", "../../tools/pay.py", "--json", root=False)
    assert [one["path"] for one in json.loads(result.stdout)] == ["src/pay/run.py", "tools/pay.py"]


@pytest.mark.parametrize("path", ["../outside", "/", "src/../../x"])
def test_a_path_outside_of_the_repository_is_wrong_use(base: Base, path: str) -> None:
    result = run(base, path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "isn't in this repository" in result.stderr


def test_in_a_larger_repository_paths_are_from_its_top(
    tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.write("decisions/link.md", decision("Link", text="See [it](../../code/main.py)."))
    git(tmp_path, "init", "-q", "-b", "main")
    monkeypatch.chdir(tmp_path)
    result = run(base, "code/main.py", "src/x", "base/src/x", "--json")
    listed = {one["path"]: one["decisions"] for one in json.loads(result.stdout)}
    assert [one["place"] for one in listed["code/main.py"]] == ["base/decisions/link.md"]
    assert [one["id"] for one in listed["src/x"]] == ["older"]
    assert listed["base/src/x"] == []


# Of another knowledge base.


@pytest.fixture
def published(base: Base, tmp_path: Path) -> Path:
    opened = KnowledgeBase.open(base.root, day_of(TODAY))
    addresses = {one.path: one.path.removesuffix(".md") + "/" for one in opened.library.records}
    (tmp_path / "site").mkdir()
    (tmp_path / "site/records.json").write_text(records_json(opened.roster, addresses))
    return tmp_path / "site"


@pytest.fixture
def served(published: Path) -> Iterator[str]:
    class Handler(Quiet):
        def do_GET(self) -> None:
            if self.path != "/kb/records.json":
                self.send_error(404)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write((published / "records.json").read_bytes())

    with serving(Handler) as address:
        yield f"{address}/kb/"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    monkeypatch.chdir(other)
    return other


def asked(*words: str) -> Result:
    return CliRunner().invoke(main, ["--today", TODAY, "governs", *words])


def test_another_repository_asks_a_published_base(elsewhere: Path, served: str) -> None:
    for address in (served, served.rstrip("/"), f"{served}records.json"):
        result = asked("src/pay/x.py", "tools/pay.py", "--base", address, "--json")
        assert result.exit_code == 0, result.output
        pay, tools = json.loads(result.stdout)
        conforms("governs")([pay, tools])
        assert [one["place"] for one in pay["decisions"]] == [
            f"{served}decisions/newer/",
            f"{served}decisions/older/",
        ]
        assert pay["decisions"][0]["owner"] == "payroll-lead"
        assert pay["decisions"][0]["answers"] == "alice"
        assert tools["decisions"] == []  # the link leads to a file of the other repository


def test_a_folder_with_the_file_will_do(elsewhere: Path, published: Path) -> None:
    for place in (published, published / "records.json"):
        result = asked("src/pay/x.py", "--base", str(place))
        assert "Newer (newer, in force since 2026-02-01)" in result.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "it isn't the records.json of a site built with OnRecord"),
        ("[1]", "it isn't the records.json of a site built with OnRecord"),
        ('{"records": [1]}', "it isn't the records.json of a site built with OnRecord"),
        ("[" * 100_000, "it isn't the records.json of a site built with OnRecord"),
        ("\\ud800", "it isn't the records.json of a site built with OnRecord"),
    ],
)
def test_what_is_no_records_json_is_wrong_use(elsewhere: Path, text: str, said: str) -> None:
    (elsewhere / "records.json").write_text(text)
    result = asked("src", "--base", ".")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_odd_entries_do_no_harm(elsewhere: Path) -> None:
    odd: list[dict[str, object]] = [
        {"kind": "decision", "status": "accepted", "governs": ["**", 1, None, "../x", "a\x1b"]},
        {"kind": "decision", "status": "accepted", "governs": "src/**"},
        {"kind": "decision", "status": ["accepted"], "governs": ["src/**"]},
        {
            "kind": "decision",
            "status": "accepted",
            "governs": ["*a" * 300, "s*"],
            "title": "x\x1b[31m" * 9_000,
            "owner": {"a": 1},
            "url": "javascript:alert(1)",
        },
    ]
    (elsewhere / "records.json").write_text(json.dumps({"records": odd}))
    result = asked("src/" + "a" * 200, "--base", ".", "--json")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)[0]["decisions"]) == 2
    assert "\x1b" not in asked("src", "--base", ".").output
    assert len(asked("src", "--base", ".").output) < 2_000


def test_a_password_in_an_address_is_neither_sent_nor_shown(elsewhere: Path, served: str) -> None:
    for secret in ("me:hush", "hush", "me:h@hush"):
        result = asked("src", "--base", served.replace("//", f"//{secret}@"))
        assert result.exit_code == 2
        assert "the address has a name or password, which isn't sent" in result.stderr
        assert "hush" not in result.output


def test_a_base_that_isnt_there_is_wrong_use(elsewhere: Path, served: str) -> None:
    for place in ("nowhere", f"{served}more/", "http://127.0.0.1:1/", "http://[", "http://x@y/"):
        result = asked("src", "--base", place)
        assert (result.exit_code, result.stdout) == (2, ""), place
        assert "--base" in result.stderr


def test_more_than_a_base_can_be_is_not_read(
    elsewhere: Path, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MOST_BYTES", 1_000)
    (elsewhere / "records.json").write_text(" " * 2_000)
    assert "is larger than" in asked("src", "--base", ".").stderr
    assert "is larger than" in asked("src", "--base", served).stderr


def test_a_pipe_is_not_waited_for(elsewhere: Path) -> None:
    os.mkfifo(elsewhere / "records.json")
    for place in (".", "records.json", "/dev/zero", "a\0b"):
        result = asked("src", "--base", place)
        assert (result.exit_code, result.stdout) == (2, ""), place


# In the status of a request.


def test_a_request_names_the_decisions_of_its_files(base: Base) -> None:
    git(base.root, "init", "-q", "-b", "main")
    commit(base.root)
    git(base.root, "checkout", "-qb", "work")
    base.write("src/pay/run.py", "changed")
    base.write("src/@bob`.py", "changed")
    commit(base.root)
    words = ["--root", str(base.root), "--today", TODAY, "status", "--changed", "main"]
    said = CliRunner().invoke(main, words).output
    assert (
        "src/pay/run.py: decisions in force apply to it\n    Newer (newer), owner payroll" in said
    )
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    conforms("status")(told)
    assert [one["path"] for one in told["governs"]] == ["src/@bob`.py", "src/pay/run.py"]
    comment = CliRunner().invoke(main, [*words, "--format", "markdown"]).output
    assert "### Decisions in force for these files" in comment
    assert "- **Newer** (`decisions/newer.md`, owner payroll-lead): `src/pay/run.py`" in comment
    assert "`src/@bob'.py`, `src/pay/run.py`" in comment
