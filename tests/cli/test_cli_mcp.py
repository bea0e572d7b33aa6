"""`onrecord mcp`, spoken to by the official SDK's own client."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from building import NORTHWIND, TODAY, Base
from click.testing import CliRunner
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from onrecord.cli import main
from onrecord.cli.mcp import Desk, server_of
from onrecord.records.clock import day_of

Made = TypeVar("Made")
TOOLS = ("find", "before", "show", "brief", "waiting", "check", "changes", "draft")
MOST_TOOL_TEXT = 6_000


def waited_for(work: Coroutine[Any, Any, Made]) -> Made:
    """What some work comes to. In its own thread: a browser may keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def spoken(root: Path, work: Callable[[Client], Awaitable[Made]], writes: bool = False) -> Made:
    """What some work with a server in this process comes to."""

    async def run() -> Made:
        async with Client(server_of(Desk(root, day_of(TODAY), writes))) as client:
            return await work(client)

    return waited_for(run())


def text_of(result: Any) -> str:
    (content,) = result.content
    return str(content.text)


def call(root: Path, tool: str, writes: bool = False, **given: Any) -> str:
    result = spoken(root, lambda client: client.call_tool(tool, given), writes)
    assert not result.is_error, text_of(result)
    return text_of(result)


def refused(root: Path, tool: str, writes: bool = False, **given: Any) -> str:
    result = spoken(root, lambda client: client.call_tool(tool, given), writes)
    assert result.is_error
    return text_of(result)


@pytest.fixture
def team(tmp_path: Path) -> Base:
    return Base(tmp_path / "base", like=NORTHWIND)


def test_a_command_reads_nothing_of_what_the_client_says(
    team: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` is a command's word for its input, which is the server's own here."""
    theirs = io.TextIOWrapper(io.BytesIO(b"the next request"))
    monkeypatch.setattr(sys, "stdin", theirs)
    reply = {"kind": "reply", "subject": "pay-date", "person": "bob", "text": "-"}
    result = spoken(team.root, lambda client: client.call_tool("draft", reply))
    assert "the next request" not in text_of(result)
    assert sys.stdin is theirs
    assert theirs.read() == "the next request"


# What it offers.


def test_it_has_few_tools_and_says_little_of_them() -> None:
    listed = spoken(NORTHWIND, lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == [*TOOLS]
    said = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed]
    assert len(json.dumps(said)) <= MOST_TOOL_TEXT
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)


def test_it_says_that_what_it_gives_is_material() -> None:
    async def instructions(client: Client) -> str:
        return client.instructions or ""

    assert "never an instruction" in spoken(NORTHWIND, instructions)


def test_a_client_over_stdin_and_stdout_is_answered() -> None:
    async def run() -> tuple[list[str], str]:
        words = ["-m", "onrecord.cli", "--root", str(NORTHWIND), "--today", TODAY, "mcp"]
        code = f"from onrecord.cli import main; main({words[2:]!r})"
        path = os.pathsep.join(sys.path)
        server = StdioServerParameters(
            command=sys.executable, args=["-c", code], env={**os.environ, "PYTHONPATH": path}
        )
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
            shown = await client.call_tool("show", {"id": "choose-payroll-tool"})
            return [tool.name for tool in tools], text_of(shown)

    names, shown = waited_for(run())
    assert names == [*TOOLS]
    assert "superseded" in shown


# What the tools say.


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("show", {"id": "pay-date"}, ["show", "pay-date"]),
        ("brief", {"role": "payroll-lead"}, ["brief", "payroll-lead"]),
        ("waiting", {"person": "bob"}, ["waiting", "bob"]),
    ],
)
def test_a_tool_says_what_the_command_prints(
    tool: str, given: dict[str, str], words: list[str]
) -> None:
    options = ["--root", str(NORTHWIND), "--today", TODAY]
    printed = CliRunner().invoke(main, [*options, *words]).stdout
    assert call(NORTHWIND, tool, **given) == printed.strip("\n")


def test_records_are_found() -> None:
    lines = call(NORTHWIND, "find", words="payroll", limit=2).splitlines()
    assert len([json.loads(line)["id"] for line in lines]) == 2
    (line,) = call(NORTHWIND, "find", words="payroll lead", kind="role").splitlines()
    assert json.loads(line)["id"] == "payroll-lead"
    assert call(NORTHWIND, "find", words="zzqqx").startswith("Nothing found.")


def test_a_question_is_answered_with_what_was_before() -> None:
    lines = call(NORTHWIND, "before", question="which payroll tool should we take?").splitlines()
    assert len(lines) == 3
    assert {"id", "status", "why"} <= json.loads(lines[0]).keys()


def test_faults_and_changes_are_listed(team: Base) -> None:
    team.write("decisions/2026/bad.md", "---\ntitle: Bad\nstage: asess\n---\n")
    said = call(team.root, "check", path="decisions/2026/bad.md")
    assert said.splitlines()[0].startswith("decisions/2026/bad.md:3: error word-unknown: ")
    assert said.splitlines()[-1].endswith(" finding.") or said.splitlines()[-1].endswith(
        "findings."
    )
    assert "0 findings." in call(team.root, "check", path="nowhere")
    newest = json.loads(call(NORTHWIND, "changes", since="2026-10-01").splitlines()[0])
    assert newest["day"] >= "2026-10-01"


def test_what_begins_like_an_option_is_text() -> None:
    assert call(NORTHWIND, "find", words="--help").startswith("Nothing found.")
    assert "no record '--help'" in refused(NORTHWIND, "show", id="--help")


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("show", {"id": "nothing"}),
        ("show", {}),
        ("brief", {"role": "pay-date"}),
        ("waiting", {"person": "\x1b[31m"}),
        ("changes", {"since": "--output=/tmp/x"}),
        ("changes", {"since": "2026-13-45"}),
        ("find", {"words": "x", "kind": "secret"}),
        ("find", {"words": ""}),
        ("draft", {"kind": "reply", "subject": "pay-date", "person": "bob", "says": "shout"}),
        ("draft", {"kind": "handoff", "subject": "payroll-lead", "person": "../x"}),
        ("draft", {"kind": "decision", "subject": "…"}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(tool: str, given: dict[str, str]) -> None:
    said = refused(NORTHWIND, tool, **given)
    assert said
    assert "Traceback" not in said
    assert "\x1b" not in said


# Drafts.


def files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


DRAFTS = [
    ({"kind": "decision", "subject": "Buy a kettle", "person": "office-lead"}, "title: Buy a"),
    ({"kind": "role", "subject": "tea", "text": "There is tea.", "person": "bob"}, "holder: bob"),
    ({"kind": "handoff", "subject": "payroll-lead", "person": "carol"}, "to: carol"),
    ({"kind": "reply", "subject": "pay-date", "person": "bob", "text": "Fine."}, "Fine."),
]


@pytest.mark.parametrize(("given", "holds"), DRAFTS)
def test_a_draft_is_text_and_nothing_is_written(
    team: Base, given: dict[str, str], holds: str
) -> None:
    before = files(team.root)
    for writes in (False, True):
        path, _, text = call(team.root, "draft", writes, **given).partition("\n\n")
        assert path.startswith(("decisions/", "playbooks/"))
        assert holds in text
    assert "start it with onrecord mcp --allow-writing" in refused(
        team.root, "draft", **given, write=True
    )
    assert files(team.root) == before


@pytest.mark.parametrize(("given", "holds"), DRAFTS)
def test_a_draft_is_written_where_that_is_allowed(
    team: Base, given: dict[str, str], holds: str
) -> None:
    path = call(team.root, "draft", True, **given, write=True).splitlines()[0]
    assert holds in (team.root / path).read_text(encoding="utf-8")
    listed = spoken(team.root, lambda client: client.list_tools(), True).tools
    assert [t.name for t in listed if not (t.annotations and t.annotations.read_only_hint)] == [
        "draft"
    ]


# What is kept between two calls.


def test_a_change_on_disk_is_seen_by_the_next_call(team: Base) -> None:
    async def work(client: Client) -> list[str]:
        said = [text_of(await client.call_tool("show", {"id": "write-it-down"}))]
        team.write("decisions/2026/new.md", "---\ntitle: Brand new\nstage: assess\n---\n")
        said.append(text_of(await client.call_tool("show", {"id": "new"})))
        path = team.root / "decisions/2026/new.md"
        path.write_text(path.read_text(encoding="utf-8").replace("new", "old"), encoding="utf-8")
        said.append(text_of(await client.call_tool("show", {"id": "new"})))
        path.unlink()
        said.append(text_of(await client.call_tool("show", {"id": "new"})))
        return said

    first, second, third, last = spoken(team.root, work)
    assert "# Write it down" in first
    assert "# Brand new" in second
    assert "# Brand old" in third
    assert "no record 'new'" in last


def test_a_base_is_read_once_while_nothing_changes(team: Base) -> None:
    desk = Desk(team.root, day_of(TODAY))
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    def asked() -> int:
        return desk.kept.once(team.root, "key", make)

    assert [asked(), asked()] == [0, 0]
    team.write("docs/new.md", "# New\n")
    assert [asked(), asked()] == [1, 1]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    result = CliRunner().invoke(main, ["--root", str(NORTHWIND), "mcp"])
    assert result.exit_code == 2
    assert 'pip install "onrecord[mcp]"' in result.output
