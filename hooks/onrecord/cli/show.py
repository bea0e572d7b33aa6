"""`onrecord show`: one record with all that its page tells, as Markdown or JSON."""

from __future__ import annotations

import posixpath

import click

from onrecord.cli.echo import echo_json, echo_lines
from onrecord.cli.run import AS_JSON, Run, the_one
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.model import Record
from onrecord.records.settings import MkdocsFile, address_of
from onrecord.site.machine.record_markdown import RecordMarkdown
from onrecord.site.machine.records_json import entries
from onrecord.site.machine.records_keys import DecisionJson, HandoffJson, MetricJson, RoleJson
from onrecord.site.pages import Views


class ShownDecisionJson(DecisionJson):
    """A decision as records.json has it, and its text."""

    text: str
    """Everything its page shows, as Markdown."""


class ShownRoleJson(RoleJson):
    """A role as records.json has it, and its text."""

    text: str
    """Everything its page shows, as Markdown."""


class ShownHandoffJson(HandoffJson):
    """A handoff as records.json has it, and its text."""

    text: str
    """Everything its page shows, as Markdown."""


class ShownMetricJson(MetricJson):
    """A metric as records.json has it, and its text."""

    text: str
    """Everything its page shows, as Markdown."""


ShownJson = ShownDecisionJson | ShownRoleJson | ShownHandoffJson | ShownMetricJson


@click.command("show")
@click.argument("name", metavar="ID")
@AS_JSON
@click.pass_obj
def show_command(run: Run, name: str, as_json: bool) -> None:
    """Print the record ID with everything its page shows, as Markdown.

    ID is a decision's or role's id, ROLE/ID of a handoff or metric, or a path. Links in it are
    relative to the record's file.
    """
    mkdocs = MkdocsFile.read(run.base())
    base = run.open(searches=not mkdocs.says_no("extra", "onrecord", "precedents"))
    record = the_one(base.library, name)
    text = shown(base, record)
    if not as_json:
        echo_lines(text)
        return
    folders = not mkdocs.says_no("use_directory_urls")
    entry = entries(base.roster, lambda path: address_of(path, folders))(record)
    echo_json({**entry, "text": text})


def shown(base: KnowledgeBase, record: Record) -> str:
    """The Markdown of a record, with links to other records as its file would have them."""
    folder = posixpath.dirname(record.path)

    def address(path: str) -> str:
        """The path to a record; '' for a page that only a site has."""
        return posixpath.relpath(path, folder) if path in base.library.by_path else ""

    fragment = Views(base).fragments.of(record, address, None)
    catalogue = base.catalogue
    return RecordMarkdown(catalogue).of(record, fragment)
