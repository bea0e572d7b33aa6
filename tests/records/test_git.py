"""git is read without running anything that the folder's own configuration names."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_base import READY, decision, handoff

from onrecord.cli import main
from onrecord.migration.importing.reading.days import GitDays
from onrecord.records import git
from onrecord.records.git import HistorySource
from onrecord.records.history import history_of, history_since

WHO = {f"GIT_{a}_{b}": "ana@x.example" for a in ("AUTHOR", "COMMITTER") for b in ("NAME", "EMAIL")}


def run(root: Path, *words: str, day: str = "2026-09-01", given: bytes = b"") -> str:
    when = {f"GIT_{one}_DATE": f"{day}T12:00:00Z" for one in ("AUTHOR", "COMMITTER")}
    done = subprocess.run(
        ["git", "-C", root, *words],
        env=os.environ | WHO | when,
        input=given,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def commit(root: Path, day: str, files: dict[str, str]) -> None:
    if not (root / ".git").exists():
        root.mkdir(exist_ok=True)
        run(root, "init", "--quiet", "-b", "main")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    run(root, "add", "--all")
    run(root, "commit", "--quiet", "--message", "x", day=day)


def base(root: Path) -> Path:
    files = {
        **READY,
        "decisions/a.md": decision("title: A\nstage: assess\nowner: lead", "Words.\n" * 9),
        "playbooks/lead/handoffs/b.md": handoff("ana", "bob", "2026-09-10"),
        "old/1-x.md": "# 1. X\n\n## Status\n\nAccepted\n\n## Context\n\nY\n\n## Decision\n\nZ\n",
    }
    commit(root, "2026-09-01", files)
    run(root, "tag", "before")
    moved = decision("title: A\nstage: review\nowner: lead", "Words.\n" * 9)
    commit(root, "2026-09-02", {"decisions/a.md": moved})
    run(root, "mv", "decisions/a.md", "decisions/b.md")
    commit(root, "2026-09-03", {})
    return root


PROGRAMS = """
[core]
    fsmonitor = {program}
    pager = {program}
    hooksPath = {hooks}
    askPass = {program}
    sshCommand = {program}
    editor = {program}
[pager]
    log = {program}
    diff = {program}
    show = {program}
[diff]
    external = {program}
[diff "all"]
    textconv = {program}
    command = {program}
    cachetextconv = true
[filter "all"]
    clean = {program}
    smudge = {program}
    process = {program}
    required = true
[log]
    showSignature = true
    showRoot = false
[gpg]
    program = {program}
[gpg "ssh"]
    program = {program}
[credential]
    helper = {program}
[tar "tar"]
    command = {program}
[uploadpack]
    packObjectsHook = {program}
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{program}
    promisor = true
    uploadpack = {program}
[alias]
    log = !{program}
    rev-parse = !{program}
[interactive]
    diffFilter = {program}
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_no_program_of_the_folders_configuration_runs(tmp_path: Path) -> None:
    root = base(tmp_path / "base")
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{ran}'\n")
    program.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc"):
        (hooks / name).symlink_to(program)
    tree = run(root, "rev-parse", "HEAD^{tree}")
    signed = (
        f"tree {tree}\nparent {run(root, 'rev-parse', 'HEAD')}\n"
        "author a <a> 1790000000 +0000\ncommitter a <a> 1790000000 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nx\n"
    )
    name = run(root, "hash-object", "-t", "commit", "-w", "--stdin", given=signed.encode())
    run(root, "update-ref", "HEAD", name)
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* diff=all filter=all\n")
    with (root / ".git/config").open("a") as config:
        config.write(PROGRAMS.format(program=program, hooks=hooks))

    for trap in (["log", "-p", "-2"], ["show", "-s", name], ["status"], ["blame", "old/1-x.md"]):
        subprocess.run(["git", "-C", root, *trap], check=False, capture_output=True)
        assert ran.exists(), trap
        ran.unlink()

    assert history_of(root).day(("decisions/b.md", "entered-review")) == date(2026, 9, 2)
    assert ("decisions/a.md", "entered-assess") in history_since(root, "before").before
    for words in (
        ["changes", "--since", "2026-01-01"],
        ["changes", "--since", "before"],
        ["changes", "--since", name],
        ["status", "--changed", "before"],
        ["before", "--changed", "before"],
        ["check"],
        ["find", "words"],
        ["waiting"],
        ["codeowners"],
        ["import", str(root / "old")],
        ["export", str(tmp_path / "out")],
    ):
        CliRunner().invoke(main, ["--root", str(root), "--today", "2026-10-01", *words])
    assert not ran.exists()

    blob = run(root, "rev-parse", "HEAD:decisions/b.md")
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()  # git would fetch what is missing
    history_of(root)
    with git.Objects(root) as objects:
        assert objects.read(blob) is None
    assert not ran.exists()
    subprocess.run(["git", "-C", root, "cat-file", "-e", blob], check=False, capture_output=True)
    assert ran.exists()  # the trap itself works


def test_a_folder_that_looks_like_a_repository_is_none(tmp_path: Path) -> None:
    root = base(tmp_path / "base")
    run(root, "init", "--quiet", "--bare", "old/bare")
    assert GitDays(root / "old/bare").source is HistorySource.NONE


def test_any_name_a_file_can_have(tmp_path: Path) -> None:
    root = tmp_path / "base"
    names = ['decisions/a "b".md', "decisions/a\tb.md", "decisions/a\nb.md", "decisions/ä\\.md"]
    for number, name in enumerate(names, start=1):
        commit(root, f"2026-09-0{number}", {name: decision("title: T\nstage: assess")})
    days = {path: words["entered-assess"].day for path, words in history_of(root).moments.items()}
    assert days == {name: number for number, name in enumerate(names, start=1)}


def test_two_files_that_change_places_keep_their_own_days(tmp_path: Path) -> None:
    root = tmp_path / "base"
    commit(root, "2026-09-01", {"decisions/a.md": decision("title: A\nstage: assess", "a\n" * 40)})
    commit(root, "2026-09-02", {"decisions/b.md": decision("title: B\nstage: assess", "b\n" * 40)})
    for old, new in (("a", "c"), ("b", "d"), ("c", "e"), ("d", "a"), ("e", "b")):
        (root / f"decisions/{old}.md").rename(root / f"decisions/{new}.md")
        commit(root, "2026-09-03", {})
    found = history_of(root)
    assert found.day(("decisions/b.md", "entered-assess")) == date(2026, 9, 1)
    assert found.day(("decisions/a.md", "entered-assess")) == date(2026, 9, 2)


def test_a_large_move_keeps_the_days_and_dates_nothing(tmp_path: Path) -> None:
    root = tmp_path / "base"
    for number in range(12):
        text = decision("title: T\nstage: assess", f"{number}\n" * 40)
        commit(root, f"2026-09-{number + 1:02}", {f"decisions/{number}.md": text})
    (root / "decisions/2026").mkdir()
    for number in range(12):
        (root / f"decisions/{number}.md").rename(root / f"decisions/2026/{number}.md")
    later = decision("title: T\nstage: review", "0\n" * 40)
    commit(root, "2026-10-01", {"decisions/2026/0.md": later})
    found = history_of(root)
    assert found.day(("decisions/2026/11.md", "entered-assess")) == date(2026, 9, 12)
    assert found.day(("decisions/2026/0.md", "entered-review")) == date(2026, 10, 1)


def test_a_line_is_dated_by_the_commit_that_last_wrote_it(tmp_path: Path) -> None:
    root = tmp_path / "other"
    commit(root, "2021-01-01", {"x.md": "# X\n\nProposed\n\nWords.\n"})
    commit(root, "2021-02-02", {"x.md": "# X\n\nAccepted\n\nWords.\n"})
    commit(root, "2021-03-03", {"x.md": "# X\n\nMore.\n\nAccepted\n\nOther words.\n"})
    run(root, "mv", "x.md", "y.md")
    commit(root, "2021-04-04", {})
    with GitDays(root) as days:
        assert days.added("y.md") == date(2021, 1, 1)
        assert days.written("y.md", 5) == date(2021, 2, 2)
        assert days.written("y.md", 7) == date(2021, 3, 3)
        assert days.written("y.md", 99) is None
        assert days.written("z.md", 1) is None
        (root / "y.md").write_text("# X\n\nRejected\n")
        assert days.written("y.md", 3) is None  # not committed yet


def test_a_tree_that_leads_outside_writes_nothing_there(tmp_path: Path) -> None:
    root = base(tmp_path / "base")
    blob = run(root, "rev-parse", "HEAD:decisions/b.md")
    inner = run(root, "mktree", given=f"100644 blob {blob}\tx.md\n".encode())
    for _ in range(2):
        inner = run(root, "mktree", given=f"040000 tree {inner}\t..\n".encode())
    tree = run(root, "mktree", given=f"040000 tree {inner}\tdecisions\n".encode())
    name = run(root, "commit-tree", tree, "-m", "x")
    assert history_since(root, name).before == frozenset()


def test_one_module_runs_git() -> None:
    package = Path(git.__file__).parent.parent
    runs = {file.name for file in package.rglob("*.py") if '["git"' in file.read_text("utf-8")}
    assert runs == {"git.py"}
