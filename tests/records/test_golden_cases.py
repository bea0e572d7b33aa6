"""Every code of a finding has a case that reads as a document (see golden.py)."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from golden import all_cases, read_case

from onrecord.cli import main
from onrecord.records.findings import CODES

TESTED_ELSEWHERE = {"site-incomplete", "file-unread"}
"""With a built site; with a reader that is made to fail, as no text is known on which it does."""


@pytest.mark.parametrize("path", all_cases(), ids=lambda path: path.stem)
def test_findings_are_as_the_case_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(path)
    root = tmp_path / "base"
    case.write(root)
    really_open = os.open

    def open_unless_closed(file: Any, *args: Any, **options: Any) -> Any:
        if any(file == root / name for name in case.unreadable):
            raise PermissionError(13, "Permission denied")
        return really_open(file, *args, **options)

    monkeypatch.setattr(os, "open", open_unless_closed)
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-10-06", "check"])
    if result.output != case.findings:
        difference = "".join(
            difflib.unified_diff(
                case.findings.splitlines(keepends=True),
                result.output.splitlines(keepends=True),
                f"{path.name}: as it should be",
                "as it is",
            )
        )
        pytest.fail(f"{case.title}\n\n{difference}", pytrace=False)
    assert result.exit_code == (0 if case.findings.startswith("No findings") else 1)


def test_every_code_has_a_case() -> None:
    named = re.compile(r"^\S.*?: (?:error|warning) ([a-z-]+): ", re.M)
    shown = {code for path in all_cases() for code in named.findall(read_case(path).findings)}
    assert shown == set(CODES) - TESTED_ELSEWHERE


def test_every_case_has_a_title_of_its_own() -> None:
    titles = [read_case(path).title for path in all_cases()]
    assert all(titles)
    assert len(set(titles)) == len(titles)
