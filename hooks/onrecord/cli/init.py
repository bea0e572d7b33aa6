"""`onrecord init`: a knowledge base in a folder, and on request its site in the browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import click

from onrecord.cli.echo import echo
from onrecord.cli.run import FINE, Run
from onrecord.cli.written import JSON, echo_written
from onrecord.drafting import knowledge_base
from onrecord.drafting.first_steps import is_complete, next_steps
from onrecord.drafting.translated import known_language
from onrecord.forges.hosts import forge_of
from onrecord.records import git
from onrecord.records.disk import is_there, make_file, place, read_file, walk
from onrecord.records.languages import languages
from onrecord.records.settings import MKDOCS_FILES, MkdocsFile
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER

HOST, PORT = "127.0.0.1", 8000


@click.command()
@click.argument("directory", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="The site's name (default: the folder's).")
@click.option(
    "--language",
    type=click.Choice(list(languages())),
    help="The language of the first pages and of headings (default: that of mkdocs.yml, or en).",
)
@click.option("--serve", "is_served", is_flag=True, help="Then build the site and show it.")
@JSON
@click.pass_obj
def init(
    run: Run,
    directory: Path,
    name: str | None,
    language: str | None,
    is_served: bool,
    as_json: bool,
) -> None:
    """Make a knowledge base in DIRECTORY. Existing files are never touched."""
    if is_served and as_json:
        raise click.UsageError("--json is for a program, and --serve for you; name one of them")
    folder = " ".join(directory.resolve().name.replace("-", " ").replace("_", " ").split())
    site_name = " ".join((name or "").split()) or folder[:1].upper() + folder[1:] or "On record"
    said = MkdocsFile.read(directory).word("theme", "language")
    setting = _setting(directory, site_name, run.today, language or known_language(said))
    made: list[str] = []
    kept: dict[str, str] = {}
    same = 0
    files = list(knowledge_base.files(setting))
    path = ""
    try:
        for path, _ in files:  # a link on the way to any of them, and none is written
            place(directory, path)
        for path, data in files:
            if make_file(directory, path, data):
                made.append(path)
            elif (there := _text_at(directory / path)) == data.decode():
                same += 1
            else:
                kept[path] = there
    except OSError as error:
        raise click.UsageError(
            f"{directory / path} can't be written: {error.strerror or error}"
        ) from None
    if as_json:
        echo_written(True, (), made=made, kept=kept)
        return
    for path in made:
        echo(f"made  {path}")
    for path in kept:
        echo(f"kept  {path} (it was there already)")
    if not made:
        echo(f"Nothing was changed: {same + len(kept)} files were there already.")
    for path in (setting.own_mkdocs, knowledge_base.HOOK_FILE):
        if path and path not in kept:
            kept[path] = _text_at(directory / path)
    steps = next_steps(setting, str(directory), kept, is_new=bool(made))
    if steps:
        for line in ("", *steps.split("\n")):
            echo(line)
    if is_served:
        _serve(directory, is_complete(setting, kept))


def _text_at(path: Path) -> str:
    """A file's text; '' for one that can't be read, which is a person's own affair."""
    try:
        return read_file(path).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _serve(directory: Path, has_our_hooks: bool) -> None:
    if not has_our_hooks:
        raise click.UsageError(
            f"{directory} has a site already: take the first step, then mkdocs serve"
        )
    if not _can_build():
        raise click.UsageError('the site needs more packages: pip install "onrecord[site]"')
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"{HOST}:{_free_port()}"]
    if _has_screen():
        command.append("--open")
    echo("")
    echo("Building the site. It runs until you press Ctrl+C.")
    try:
        done = subprocess.run(command, cwd=directory, check=False)
    except KeyboardInterrupt:
        raise SystemExit(FINE) from None
    raise SystemExit(done.returncode)


def _can_build() -> bool:
    return all(find_spec(name) for name in ("mkdocs", "material", "nh3"))


def _free_port() -> int:
    """The usual port, or any other where something listens on it."""
    # Port 0 asks the system for one that is free.
    for port in (PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return PORT


def _has_screen() -> bool:
    """True where a browser can open a window; in a bare terminal it would take the terminal."""
    desktop = sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return desktop and sys.stdout.isatty()


def _setting(directory: Path, site_name: str, today: date, language: str) -> knowledge_base.Setting:
    """What the folder, and the repository it is in, tell about a new knowledge base."""
    looked_for = (*MKDOCS_FILES, knowledge_base.README_AS_HOME, knowledge_base.HOOK_FILE)
    folders = (DECISIONS_FOLDER, PLAYBOOKS_FOLDER)
    # The folder may not be there yet, and git must run in one that is.
    above = next(p for p in (directory.resolve(), *directory.resolve().parents) if p.is_dir())
    below = directory.resolve().relative_to(above).as_posix().removesuffix(".")
    prefix = git.hear(above, "rev-parse", "--show-prefix") + (f"{below}/" if below else "")
    in_repository = bool(git.hear(above, "rev-parse", "--git-dir"))
    remotes = git.hear(above, "remote").split()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    head = f"refs/remotes/{remote}/HEAD"
    setting = knowledge_base.Setting(
        site_name=site_name,
        today=today,
        language=language,
        forge=forge_of(git.hear(above, "remote", "get-url", remote)),
        branch=git.hear(above, "symbolic-ref", "--short", head).partition("/")[2]
        or git.hear(above, "branch", "--show-current")
        or "main",
        prefix=prefix if in_repository else "",
        there=frozenset(path for path in looked_for if is_there(directory / path)),
        can_build=_can_build(),
    )
    records = [
        f"{folder}/{path}"
        for folder in folders
        for path, _ in walk(directory / folder, hidden=True)
        if path.endswith(".md")
    ]
    return replace(setting, has_records=knowledge_base.has_other_records(records, setting))
