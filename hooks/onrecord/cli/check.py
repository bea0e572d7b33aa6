"""`onrecord check`: every fault of a knowledge base, for a person, a program or a forge."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from onrecord.cli.run import FINE, FOUND, Run
from onrecord.records.findings import Finding, count, shown
from onrecord.records.library import Library
from onrecord.site.check import faults_of_site


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are printed.",
)
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check a built site too: that OnRecord's hooks really ran.",
)
@click.pass_obj
def check(run: Run, as_json: bool, form: str, site: Path | None) -> None:
    """List every fault of the knowledge base, with file, line and the right form."""
    base = run.open()
    findings = list(base.findings)
    if site is not None:
        findings += faults_of_site(site, base.library)
    if as_json or form == "json":
        click.echo(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2))
    elif form == "github":
        for f in findings:
            click.echo(_annotation(f))
    else:
        for f in findings:
            # A file's name may hold anything, a line end too; here it is one line.
            path = f.path if f.path.isprintable() else shown(f.path, 500)
            click.echo(f"{path}:{f.line}:{f.column}: {f.severity} {f.code}: {f.message}")
            click.echo(f"    {f.hint}")
        click.echo(_summary(base.library, findings), err=bool(findings))
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


def _annotation(f: Finding) -> str:
    """A workflow command of GitHub Actions; its own signs in the values are escaped."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def prop(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    where = f"file={prop(f.path)},line={f.line},col={f.column},title={prop(f.code)}"
    return f"::{f.severity} {where}::{data(f.message)}%0A{data(f.hint)}"
