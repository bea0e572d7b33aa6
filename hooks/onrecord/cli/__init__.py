"""The command line: a thin adapter. It asks the core and prints; it decides nothing.

In: the words of a command.
Out: what is printed, the files written, an exit status.
Exit status: 0 fine, 1 findings or a gate that isn't met, 2 wrong use.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from onrecord import __version__
from onrecord.cli.echo import one_line_errors, show_any_text
from onrecord.cli.run import DAY, Run
from onrecord.records import clock

_COMMANDS = {
    "accept": ("roles:accept_command", "Accept a handoff: write the read-back in your own words."),
    "advance": (
        "advance:advance_command",
        "Move a decision to its next stage, or say what is missing.",
    ),
    "agenda": ("agenda:agenda_command", "Plan the one meeting that a decision may need."),
    "before": ("before:before", "Show the earlier decisions nearest to a text."),
    "brief": ("brief:brief_command", "Print what you must know to take a role over."),
    "changes": (
        "changes:changes_command",
        "List what changed since a day or a revision, newest first.",
    ),
    "check": ("check:check", "List every fault of the knowledge base."),
    "collect": ("collect:collect_command", "Collect the values of metrics from their sources."),
    "codeowners": ("codeowners:codeowners_command", "Make the lines of CODEOWNERS from the roles."),
    "delegate": ("new:delegate", "Hand on a part of a role."),
    "export": ("export:export_command", "Write the whole knowledge base as plain Markdown."),
    "find": ("find:find", "Find the records that contain all of some words."),
    "gather": ("gather:gather_command", "Turn the comments on a request into replies."),
    "governs": (
        "governs:governs_command",
        "List the decisions in force that apply to a file or folder.",
    ),
    "import": (
        "import_records:import_command",
        "Copy decision records from another tool into decisions/.",
    ),
    "init": ("init:init", "Make a knowledge base."),
    "mcp": ("mcp:mcp_command", "Offer the knowledge base to an agent, as tools."),
    "metric": ("roles:metric_command", "Append a value to a metric of a role."),
    "new": ("new:new", "Write a new record from a template that guides you."),
    "reply": ("reply:reply_command", "Reply to a decision, or accept a handoff."),
    "settle": ("settle:settle_command", "Settle the status of imported records."),
    "show": ("show:show_command", "Print a record with everything its page shows."),
    "status": ("status:status", "Show what a branch changes, and what is still missing."),
    "tell": ("tell:tell_command", "Send people what is new for them."),
    "waiting": ("roles:waiting_command", "List what waits for a person."),
}
"""Each command's module and name there, and what it does, in words that fit into a line."""


class _Main(click.Group):
    """Loads a command once it is asked for: all of them take longer to load than one to answer."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, if there is one."""
        if cmd_name in _COMMANDS and cmd_name not in self.commands:
            module, _, name = _COMMANDS[cmd_name][0].partition(":")
            self.add_command(getattr(import_module(f"onrecord.cli.{module}"), name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments; what is wrong with them is said in one clean line."""
        show_any_text()
        with one_line_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; how it refuses is said in one clean line."""
        with one_line_errors():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List all commands, without loading them as click would."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in _COMMANDS.items()])


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="onrecord")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the knowledge base is (default: the nearest parent with a decisions/ folder).",
)
@click.option("--today", type=DAY, help="Use this day as today (or set ONRECORD_TODAY).")
@click.pass_context
def main(ctx: click.Context, root: Path | None, today: date | None) -> None:
    """Keep a team's decisions, roles and handoffs on record."""
    _clean_up_when_stopped()
    # Records are many and hold no circles, so looking through all of them for some, again and
    # again while they are read, would take a third of a command's time.
    gc.set_threshold(100_000, 50, 100)
    # numpy starts a thread for each core when it is loaded, which wait for work that never comes:
    # a sixth of the time of `before`. Whoever sets the number has it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        ctx.obj = Run(root, today or clock.today())
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _clean_up_when_stopped() -> None:
    """Let a run that is told to stop end as by an error, so that it takes away what it began."""

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.signal(number, stop)
