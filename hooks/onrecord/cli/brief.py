"""`onrecord brief`: a role whole, short enough to be read before the first task."""

from __future__ import annotations

import click

from onrecord.cli.echo import echo_json, echo_lines
from onrecord.cli.run import AS_JSON, Run, no_such, the_one
from onrecord.records.model import Role
from onrecord.site.machine.brief import brief_of
from onrecord.site.machine.brief_markdown import brief_markdown


@click.command("brief")
@click.argument("role")
@AS_JSON
@click.pass_obj
def brief_command(run: Run, role: str, as_json: bool) -> None:
    """Print what you must know to take ROLE over, in at most 4,000 tokens.

    It has the purpose, first steps, rights, decisions to keep, open decisions, open loops, numbers,
    handoffs and who to ask. If it is too long, parts are cut, and its last line says which.
    """
    base = run.open()
    found = base.library.role_called(role)
    if found is None:
        record = the_one(base.library, role) if "/" in role else None
        if not isinstance(record, Role):
            no_such("role", role, base.library.role)
        found = record
    brief = brief_of(base.roster, found)
    if as_json:
        echo_json(brief)
    else:
        echo_lines(brief_markdown(brief))
