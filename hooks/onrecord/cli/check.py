"""`onrecord check`: every fault of a knowledge base, for a person, a program or a forge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.printed import print_findings
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import FINE, FOUND, Run, format_option
from onrecord.records.findings import Finding, count, in_order
from onrecord.records.library import Library
from onrecord.site.aliases import faults_of_aliases
from onrecord.site.check import faults_of_site, has_relative_feeds
from onrecord.text.printing import annotation

_NO_ADDRESS = (
    "Feeds and calendars of this site have no whole addresses, so readers can't follow them: "
    "set site_url in mkdocs.yml."
)


@click.command()
@format_option("json", "github", help="The format of the findings.")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Also check that OnRecord's hooks made this built site.",
)
@click.pass_obj
def check(run: Run, as_json: bool, form: str, site: Path | None) -> None:
    """List every fault of the knowledge base, with its file, its line and how to fix it."""
    base = run.open(progress=shown_progress(quiet=as_json or form == "json"))
    findings = list(in_order((*base.findings, *faults_of_aliases(base))))
    if site is not None:
        findings += faults_of_site(site, base.library)
    if as_json or form == "json":
        echo_json(findings)
    elif form == "github":
        for f in findings:
            echo(annotation(f.severity, f.path, f.line, f.column, f.code, f"{f.message}\n{f.hint}"))
    else:
        print_findings(findings)
        echo(_summary(base.library, findings), err=bool(findings))
    if site is not None and has_relative_feeds(site):
        echo(_NO_ADDRESS, err=True)
    raise SystemExit(FOUND if findings else FINE)


def _summary(library: Library, findings: Sequence[Finding]) -> str:
    if findings:
        files = len({f.path for f in findings})
        return f"{count(len(findings), 'finding')} in {count(files, 'file')}."
    kinds = (
        (len(library.decisions), "decision"),
        (len(library.roles), "role"),
        (len(library.handoffs), "handoff"),
        (len(library.metrics), "metric"),
    )
    return "No findings: " + ", ".join(count(number, noun) for number, noun in kinds) + "."
