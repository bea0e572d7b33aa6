"""`onrecord agenda` where it writes: an invitation, and never in the place of another file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main

DECISION = """---
title: Pay by card
stage: integrate
owner: ana
entered: {integrate: 2026-11-20}
---

# Pay by card
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions/pay.md").write_text(DECISION, encoding="utf-8")
    return tmp_path


def invite(base: Path, file: Path) -> Result:
    words = ["--root", str(base), "--today", "2026-11-22", "agenda", "pay", "--ics", str(file)]
    return CliRunner().invoke(main, words)


def test_an_invitation_is_written_and_written_again(base: Path) -> None:
    file = base / "meeting.ics"
    assert invite(base, file).exit_code == 0
    first = file.read_text("utf-8")
    assert first.startswith("BEGIN:VCALENDAR")
    assert invite(base, file).exit_code == 0
    assert file.read_text("utf-8") == first


def test_no_other_file_is_replaced(base: Path) -> None:
    record, theirs, empty = base / "decisions/pay.md", base / "own.ics", base / "empty.ics"
    theirs.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Theirs//EN\n", encoding="utf-8")
    empty.touch()
    link = base / "link.ics"
    link.symlink_to(record)
    before = {file: file.read_bytes() for file in (record, theirs, empty)}
    for file in (*before, link):
        result = invite(base, file)
        assert result.exit_code == 2
        assert "a file of that name is there; name another one" in result.output
    assert {file: file.read_bytes() for file in before} == before
    assert link.is_symlink()
