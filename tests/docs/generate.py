"""Writes what follows from the code: pages of docs/reference, and the picture in CONTRIBUTING.md.

After a change: `python tests/docs/generate.py`.

The command line reference is made here and not in the package, whose core doesn't know click.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

sys.path.append(str(Path(__file__).parents[1] / "support"))  # as pytest does

import reference
from machine_output import OUTPUTS, machine_output, schema
from picture import contributing

from onrecord.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "reference"


def generated() -> dict[str, str]:
    """Every generated file by its name in docs/reference."""
    return {
        "front-matter.md": reference.front_matter(),
        "findings.md": reference.findings(),
        "machine-output.md": machine_output(),
        **{f"{name}.schema.json": schema(name) for name in OUTPUTS},
        "command-line.md": command_line(),
    }


def command_line() -> str:
    parts = [
        "# Command line",
        reference.GENERATED,
        "Exit status: 0 when all is well, 1 when there are findings or a gate isn't met, 2 when "
        "the command was used wrongly.",
        "A knowledge base is found from any folder inside it: the nearest parent with a "
        "`decisions/` folder. The day comes from `--today`, else from the environment variable "
        "`ONRECORD_TODAY`, else from the clock.",
    ]
    for name, command in commands():
        parts += [f"## {name}", f"```text\n{help_of(name, command)}\n```"]
    return "\n\n".join(parts) + "\n"


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, the group itself first."""

    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for short in command.list_commands(context):
                inner = command.get_command(context, short)
                assert inner is not None
                yield from walk(f"{name} {short}", inner)

    return walk("onrecord", main)


def help_of(name: str, command: click.Command) -> str:
    # A fixed width: click asks the terminal otherwise.
    settings = {**main.context_settings, "terminal_width": 80, "max_content_width": 80}
    with click.Context(command, info_name=name, **settings) as context:
        return command.get_help(context)


if __name__ == "__main__":
    (ROOT / "CONTRIBUTING.md").write_text(contributing(), encoding="utf-8")
    for file, text in generated().items():
        (PAGES / file).write_text(text, encoding="utf-8")
