"""All commands that write: on a full disk, when they are killed, at once, and through links."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.migration.export.folder import write_export
from onrecord.records.disk import TEMPORARY, make_file

NORTHWIND = Path(__file__).parents[1] / "fixtures/northwind"
TODAY = "2026-10-14"
HANDOFF = "2026-10-01-alice-to-bob"
SERIES = "playbooks/payroll-lead/metrics/paid-on-time.csv"
ANSWERS = ("--own", "All of it.", "--wrong", "The bank.", "--ask", "None.")
VALUE = ("metric", "payroll-lead", "paid-on-time", "97", "--date", "2026-10-03")

COMMANDS = {
    "new decision": ("new", "decision", "Buy a kettle", "--owner", "ana"),
    "new metric": ("new", "metric", "it-lead", "uptime"),
    "advance": ("advance", "desk-lamps", "--outcome", "withdrawn"),
    "accept": ("accept", HANDOFF, *ANSWERS),
    "metric": VALUE,
    "import": ("import", "{root}/old", "--write", "--owner", "ana"),
    "codeowners": ("codeowners", "--write", "{root}/.github/CODEOWNERS"),
    "init": ("init", "{root}/further"),
    "export": (),  # the writing alone: making its pages takes longer
}
PAGES = {"mkdocs.yml": "site_name: x\n", "docs/index.md": "# New\n", "docs/a/b.md": "# B\n"}
NEED_SPACE = ("link", "replace", "rename", "fsync", "mkdir", "fchmod")
WRITING = (*NEED_SPACE, "unlink", "rmdir")


def run(root: Path, *words: str) -> Result:
    if not words:
        return _export(root)
    told = [word.format(root=root) for word in words]
    return CliRunner().invoke(main, ["--root", str(root), "--today", TODAY, *told])


def _export(root: Path) -> Result:
    failed = 0
    try:
        write_export(root / "exported", PAGES)
    except OSError:
        failed = 2
    return Result(CliRunner(), b"", b"", b"", None, failed, None)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    root = tmp_path / "base"
    shutil.copytree(NORTHWIND, root)
    for name in ("a", "b"):
        (root / "old").mkdir(exist_ok=True)
        (root / "old" / f"{name}.md").write_text(
            f"# Use {name}\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n"
        )
    write_export(root / "exported", PAGES | {"docs/index.md": "# Old\n", "docs/gone.md": "x"})
    return root


def files(root: Path) -> dict[str, bytes]:
    """Every file by its path; what says that it isn't whole counts for nothing."""
    found = (one for one in sorted(root.rglob("*")) if one.is_file())
    return {
        path: one.read_bytes()
        for one in found
        if TEMPORARY not in (path := one.relative_to(root).as_posix())
    }


def unfinished(root: Path) -> list[Path]:
    return [one for one in root.rglob("*") if TEMPORARY in one.name]


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return COMMANDS[request.param]


def copy_of(base: Path, name: str) -> Path:
    # Links to the same files are copies enough: whatever writes puts a new file in the old one's
    # place. What wrote into one instead would show in `base`, and so in every later copy.
    there = base.parent / name / "base"
    return Path(shutil.copytree(base, there, symlinks=True, copy_function=os.link))


def counted(
    then: Callable[[], None],
    at: int,
    patch: pytest.MonkeyPatch,
    names: tuple[str, ...] = WRITING,
) -> list[str]:
    """Let something happen before the call number `at` of all that write; lists the calls."""
    made: list[str] = []

    def before(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            made.append(name)
            if len(made) - 1 == at:
                then()
            return real(*words, **more)

        return call

    for name in names:
        patch.setattr(os, name, before(name, getattr(os, name)))
    return made


def points(base: Path, command: tuple[str, ...]) -> tuple[dict[str, bytes], range]:
    """What the command makes of the base, and the calls to fail or be killed at: some 12."""
    whole = copy_of(base, "whole")
    with pytest.MonkeyPatch.context() as patch:
        made = counted(lambda: None, -1, patch)
        result = run(whole, *command)
    assert result.exit_code == 0, result.output
    assert not unfinished(whole)
    some = 5 if command[:1] == ("init",) else 12  # which writes thirty files, each in the same way
    return files(whole), range(0, len(made), max(1, len(made) // some))


def assert_old_or_new(
    now: dict[str, bytes], before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    for path, data in now.items():
        if path.endswith(".onrecord-export.json"):
            continue  # names what is written, which is more while it is being written
        assert data in (before.get(path), after.get(path)), path
    assert not before.keys() - now.keys() - (before.keys() - after.keys())


def test_a_full_disk_leaves_nothing_half(base: Path, command: tuple[str, ...]) -> None:
    after, calls = points(base, command)
    before = files(base)

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for at in calls:
        root = copy_of(base, f"full-{at}")
        with pytest.MonkeyPatch.context() as patch:
            counted(full, at, patch, NEED_SPACE)
            result = run(root, *command)
        now = files(root)
        assert not isinstance(result.exception, OSError)
        assert result.exit_code or now == after
        assert_old_or_new(now, before, after)
        assert not unfinished(root)
        if result.exit_code:  # with space again, it comes to the same as on an empty disk
            run(root, *command)
            assert files(root) == after
        shutil.rmtree(root)


def test_a_kill_leaves_nothing_half(base: Path, command: tuple[str, ...]) -> None:
    after, calls = points(base, command)
    before = files(base)
    for at in calls:
        root = copy_of(base, f"killed-{at}")
        child = os.fork()
        if child == 0:
            counted(lambda: os.kill(os.getpid(), signal.SIGKILL), at, pytest.MonkeyPatch())
            run(root, *command)
            os._exit(0)
        os.waitpid(child, 0)
        now = files(root)
        assert_old_or_new(now, before, after)
        for one in unfinished(root):
            if one.is_file() and one.name == TEMPORARY:
                make_file(one.parent, "next.md", b"")  # the next that writes here
                (one.parent / "next.md").unlink()
        if now == before or command[:1] in ((), ("import",), ("init",)):
            run(root, *command)
            assert files(root) == after
            assert not unfinished(root)
        shutil.rmtree(root)


def test_a_run_that_is_told_to_stop_takes_away_what_it_began(base: Path) -> None:
    child = os.fork()
    if child == 0:
        CliRunner().invoke(main, ["--root", str(base), "check"])  # sets what happens then
        counted(lambda: os.kill(os.getpid(), signal.SIGTERM), 4, pytest.MonkeyPatch())
        try:
            _export(base)
        except SystemExit as stopped:
            os._exit(int(str(stopped.code)))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGTERM
    assert not unfinished(base)


# At once


def at_once(root: Path, *commands: tuple[str, ...]) -> list[int]:
    """Run commands in processes of their own, all at once; their exit codes."""
    running = []
    for words in commands:
        child = os.fork()
        if child == 0:
            os._exit(run(root, *words).exit_code)
        running.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in running]


def test_ten_values_at_once_are_ten_rows(base: Path) -> None:
    before = (base / SERIES).read_text().splitlines()
    days = [f"2026-05-{day:02}" for day in range(1, 11)]
    words = [("metric", "payroll-lead", "paid-on-time", "90", "--date", day) for day in days]
    assert at_once(base, *words) == [0] * 10
    rows = (base / SERIES).read_text().splitlines()
    assert rows[: len(before)] == before
    assert sorted(rows[len(before) :]) == [f"{day},90," for day in days]
    assert not unfinished(base)


def test_of_the_same_value_at_once_one_is_written(base: Path) -> None:
    assert sorted(at_once(base, *[VALUE] * 3)) == [0, 2, 2]
    assert (base / SERIES).read_text().count("2026-10-03") == 1


def test_who_accepts_at_once_accepts_once(base: Path) -> None:
    assert sorted(at_once(base, *[COMMANDS["accept"]] * 3)) == [0, 1, 1]
    (note,) = base.rglob(f"{HANDOFF}.md")
    assert note.read_text().count("All of it.") == 1


def test_a_decision_is_moved_on_once_at_a_time(base: Path) -> None:
    before = (base / "decisions/2026/desk-lamps.md").read_text().splitlines()
    codes = at_once(base, *[COMMANDS["advance"]] * 3)
    assert codes.count(0) == 1
    assert set(codes) == {0, 1}
    after = (base / "decisions/2026/desk-lamps.md").read_text().splitlines()
    assert len(after) == len(before) + sum(line not in before for line in after)


# Links


@pytest.mark.parametrize("linked", ["decisions", "playbooks", ".github", "hooks", "docs"])
def test_init_writes_nothing_through_a_link(tmp_path: Path, linked: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / linked).symlink_to("../out")
    result = run(tmp_path / "base", "init", str(tmp_path / "base"))
    assert result.exit_code == 2
    assert f"{linked} is a symbolic link, and nothing is written through one" in result.output
    assert [one.name for one in (tmp_path / "base").iterdir()] == [linked]
    assert not any((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("linked", "command"),
    [
        ("decisions/2026", "new decision"),
        ("playbooks/it-lead/metrics", "new metric"),
        ("decisions/imported", "import"),
        (".github", "codeowners"),
    ],
)
@pytest.mark.parametrize("leads", ["out", "in", "nowhere", "loop"])
def test_no_command_writes_through_a_link(
    base: Path, tmp_path: Path, linked: str, command: str, leads: str
) -> None:
    (tmp_path / "out").mkdir()
    (base / "in").mkdir()
    link = base / linked
    shutil.rmtree(link, ignore_errors=True)
    targets = {"out": tmp_path / "out", "in": base / "in", "nowhere": base / "no", "loop": link}
    link.symlink_to(targets[leads])
    before = files(tmp_path)
    result = run(base, *COMMANDS[command])
    assert result.exit_code in (1, 2)
    assert f"{linked} is a symbolic link" in " ".join(result.output.split())
    assert files(tmp_path) == before
    assert not any((tmp_path / "out").iterdir())
    assert not any((base / "in").iterdir())
