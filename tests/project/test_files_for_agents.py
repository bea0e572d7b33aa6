"""What agents read, here and in what `onrecord init` writes: short, with commands that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import frontmatter
import pytest

from onrecord.cli import main

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "hooks/onrecord/drafting/starter"
AGENTS, SKILL = STARTER / "AGENTS.md", STARTER / "dot-agents/skills/onrecord/SKILL.md"
OURS = ROOT / "AGENTS.md"


@pytest.mark.parametrize("file", [AGENTS, SKILL, OURS], ids=["agents", "skill", "ours"])
def test_it_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8")) < 3_000


@pytest.mark.parametrize("file", [AGENTS, SKILL, OURS], ids=["agents", "skill", "ours"])
def test_every_command_in_it_exists(file: Path) -> None:
    named = re.findall(r"`onrecord ([^`]+)`", file.read_text(encoding="utf-8"))
    assert len(named) >= 5
    for words in map(shlex.split, named):
        command: click.Command | None = main
        while words and isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, named
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


def test_the_skill_says_what_it_is_for() -> None:
    said = frontmatter.load(str(SKILL))
    assert said["name"] == SKILL.parent.name
    assert 50 < len(str(said["description"])) < 1_024
