"""The files of a new knowledge base: what `onrecord init` writes, as values.

In come the site's name, the day, and what is known of the folder and its repository; out come
paths and bytes, and the words about what to do next. Nothing here touches the disk but to read
the starter files of this package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

from onrecord import __version__
from onrecord.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER, STAGE_MEANINGS

MKDOCS_FILES = ("mkdocs.yml", "mkdocs.yaml")
"""The names under which MkDocs looks for a site's configuration."""

HOOK_FILE = "hooks/mkdocs_events.py"
README_AS_HOME = "docs/README.md"
"""MkDocs takes this for the home page; an index.md beside it would push it out."""

_PLACEHOLDER = re.compile(r"@@([a-z_]+)([+-]\d+)?@@")
_SCP_FORM = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/@:]+):(?P<path>[^/].*)")
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.\-]+(?::\d+)?")
_PLAIN_PATH = re.compile(r"[\w.~\-]+(?:/[\w.~\-]+)+")
_PLAIN_BRANCH = re.compile(r"[\w\-][\w./\-]*")


@dataclass(frozen=True, slots=True)
class Forge:
    """Where a repository lives, and the form its addresses for editing have."""

    name: str
    repo_url: str
    edit_form: str

    def edit_uri(self, branch: str, prefix: str = "") -> str:
        """What MkDocs calls `edit_uri`: from the repository's address to its docs folder.

        `prefix` is the knowledge base's path in the repository, such as `handbook/`.
        """
        return self.edit_form.format(branch=branch) + f"{prefix}docs/"


_FORGES = (
    # What a host's name holds, what the forge is called, the form of its edit links.
    (("github",), "GitHub", "edit/{branch}/"),
    (("gitlab",), "GitLab", "-/edit/{branch}/"),
    (("codeberg", "forgejo", "gitea"), "Forgejo or Gitea", "_edit/{branch}/"),
)


def forge_of(remote: str) -> Forge | None:
    """The forge behind a git remote's address; None when it can't be told.

    Takes the forms git knows: `https://…`, `ssh://…`, `git@host:owner/name.git`. A name or a
    password in the address is left out: it must never get into a file.
    """
    remote = remote.strip()
    if "://" in remote:
        try:
            parts = urlsplit(remote)
            web = parts.scheme in ("http", "https")
            port = f":{parts.port}" if web and parts.port else ""  # ssh's port isn't the web's
        except ValueError:
            return None
        if not web and parts.scheme not in ("ssh", "git", "git+ssh"):
            return None
        scheme = parts.scheme if web else "https"
        host, path = (parts.hostname or "") + port, parts.path
    elif found := _SCP_FORM.fullmatch(remote):
        scheme, host, path = "https", found["host"], found["path"]
    else:
        return None
    path = path.strip("/").removesuffix(".git")
    if not (_PLAIN_HOST.fullmatch(host) and _PLAIN_PATH.fullmatch(path)):
        return None
    for words, name, form in _FORGES:
        if any(word in host.casefold() for word in words):
            return Forge(name, f"{scheme}://{host}/{path}", form)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known before the first file is written.

    `there` are the paths of MKDOCS_FILES and README_AS_HOME that exist; `has_records` is true
    when the folder holds decisions or playbooks, which our examples must not be mixed with.
    """

    site_name: str
    today: date
    forge: Forge | None = None
    branch: str = "main"
    prefix: str = ""
    there: frozenset[str] = frozenset()
    has_records: bool = False

    @property
    def own_mkdocs(self) -> str:
        """The name of the configuration that is there already, or ''."""
        return next((name for name in MKDOCS_FILES if name in self.there), "")


def files(setting: Setting) -> Iterator[tuple[str, bytes]]:
    """Every file of a new knowledge base, with its path; in order of path."""
    for name, source in _below(_starter(), ""):
        if not _is_wanted(name, setting):
            continue
        text = source.read_text(encoding="utf-8")
        yield _filled(name, setting), _filled(text, setting).encode()


def _starter() -> Traversable:
    return resources.files("onrecord") / "starter"


def _is_wanted(path: str, setting: Setting) -> bool:
    folder = path.partition("/")[0]
    if folder in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER):
        return not setting.has_records
    if setting.own_mkdocs and setting.own_mkdocs != path:
        # A site that is there has pages of its own, and maybe another folder for them.
        return folder not in ("docs", *MKDOCS_FILES)
    return not (path == "docs/index.md" and README_AS_HOME in setting.there)


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """The starter files with the names they get.

    `dot-` stands for a leading dot, because tools treat hidden files in a package in ways of
    their own; `.tpl` keeps a file from being taken for a part of the program.
    """
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name == "__pycache__":
            continue
        name = re.sub(r"^dot-", ".", entry.name).removesuffix(".tpl")
        if entry.is_dir():
            yield from _below(entry, f"{path}{name}/")
        else:
            yield f"{path}{name}", entry


def _filled(text: str, setting: Setting) -> str:
    """The text with its placeholders filled: `@@day+4@@` is the day four days from today."""
    words = {
        "branch": _branch(setting),
        "forge_yaml": _forge_yaml(setting),
        "home": "README.md" if README_AS_HOME in setting.there else "index.md",
        "site_name_md": _as_markdown(setting.site_name),
        "site_name_yaml": json.dumps(setting.site_name, ensure_ascii=False),
        "stages_table": _stages_table(),
        "today": setting.today.isoformat(),
        "version": __version__,
        "year": str(setting.today.year),
    }

    def word(found: re.Match[str]) -> str:
        if found[1] == "day":
            return (setting.today + timedelta(days=int(found[2]))).isoformat()
        return words[found[1]]

    return _PLACEHOLDER.sub(word, text)


def _branch(setting: Setting) -> str:
    """The branch, or main when its name would have to be quoted in YAML or in an address."""
    return setting.branch if _PLAIN_BRANCH.fullmatch(setting.branch) else "main"


def _forge_yaml(setting: Setting) -> str:
    forge, branch = setting.forge, _branch(setting)
    if forge is not None:
        uri = forge.edit_uri(branch, setting.prefix)
        return f'repo_url: "{forge.repo_url}"\nedit_uri: "{uri}"\n'
    uris = [
        (name, f"{form.format(branch=branch)}{setting.prefix}docs/") for _, name, form in _FORGES
    ]
    return (
        "# Where the repository is: gives every page a link that opens its file for editing.\n"
        "# repo_url: https://example.org/team/handbook\n"
        + "".join(f"# edit_uri: {uri}  # {name}\n" for name, uri in uris)
    )


def _as_markdown(text: str) -> str:
    """Words as Markdown that shows just these words."""
    return re.sub(r"([\\`*_{}\[\]<>#|&!])", lambda found: f"&#{ord(found[1])};", text)


def _stages_table() -> str:
    return "\n".join(
        f"| {stage.number}&nbsp;{stage.title} | {meaning.what} | {meaning.moves_on} |"
        for stage, meaning in STAGE_MEANINGS.items()
    )


# What to do next.

_MKDOCS_LINES = """\
hooks:
  - hooks/mkdocs_events.py
nav:            # beside what is there; if you have no nav, leave it out
  - Decisions:
      - Board: decisions/index.md
      - Closed: decisions/closed.md
  - People:
      - Waiting on whom: people/index.md
      - Roles: playbooks/index.md
      - Readiness: readiness/index.md
      - Scoreboard: scoreboard/index.md
      - Handoffs: handoffs/index.md
      - The process: process/index.md
"""


def next_steps(setting: Setting, directory: str, kept: Mapping[str, str]) -> str:
    """What a person does next, in words to copy.

    `kept` holds the text of each file that was there and would have been written.
    """
    steps = [
        *_to_mend(setting, kept),
        "Install what builds the site (in a virtual environment, if you like):\n"
        f"    {_cd(directory)}pip install -r requirements.txt",
        "See that all is well, and read it at http://127.0.0.1:8000/:\n"
        "    onrecord check\n"
        "    mkdocs serve",
        'Write your first decision:\n    onrecord new decision "What we decide"',
        _to_publish(setting),
    ]
    if not setting.has_records:
        steps.append(
            "The decisions, roles and the handoff in here are examples. Read them, then delete "
            "them or\nmake them yours."
        )
    return "What to do next:\n\n" + "\n\n".join(
        f"{number}. " + step.replace("\n", "\n   ") for number, step in enumerate(steps, start=1)
    )


def _to_mend(setting: Setting, kept: Mapping[str, str]) -> Iterator[str]:
    """For each file that was kept and doesn't name us yet, what belongs into it."""
    own = setting.own_mkdocs
    if own and HOOK_FILE not in kept.get(own, ""):
        lines = "".join(f"    {line}\n" for line in _MKDOCS_LINES.splitlines()).rstrip()
        yield f"{own} was there and is as it was. Add to it:\n{lines}"
    if HOOK_FILE in kept and "onrecord" not in kept[HOOK_FILE]:
        lines = "\n".join(f"    {line}".rstrip() for line in _hook_text().splitlines())
        yield (
            f"{HOOK_FILE} was there and is as it was. Put these lines into another file, such as\n"
            f"hooks/onrecord_events.py, and name that under hooks: in mkdocs.yml:\n{lines}"
        )
    needs = (
        ("requirements.txt", f"onrecord[site]~={__version__}", "onrecord"),
        (".gitignore", "/site/", "site"),
    )
    for name, line, sign in needs:
        if name in kept and sign not in kept[name]:
            yield f"{name} was there and is as it was. Add the line:\n    {line}"
    if ".gitlab-ci.yml" in kept and "onrecord" not in kept[".gitlab-ci.yml"]:
        yield (
            ".gitlab-ci.yml was there and is as it was. Let one of its jobs run:\n"
            "    pip install -r requirements.txt\n"
            "    onrecord check\n"
            "    mkdocs build --strict\n"
            "    onrecord check --site site"
        )
    if setting.prefix:
        yield (
            "This folder is not the top of its repository. Forges look for .github/ and\n"
            f".gitlab-ci.yml at the top: move them there, and let their steps run in "
            f"{setting.prefix.rstrip('/')}."
        )


def _hook_text() -> str:
    return (_starter() / "hooks" / "mkdocs_events.py.tpl").read_text(encoding="utf-8")


def _cd(directory: str) -> str:
    return "" if directory in (".", "") else f"cd {_quoted(directory)} && "


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w./~\-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _to_publish(setting: Setting) -> str:
    name = setting.forge.name if setting.forge else ""
    github = "GitHub: choose Settings > Pages > Source: GitHub Actions, once."
    gitlab = "GitLab: add a daily schedule under Build > Pipeline schedules."
    other = "Elsewhere: let your CI run what .gitlab-ci.yml runs."
    lines = {"GitHub": [github], "GitLab": [gitlab], "Forgejo or Gitea": [other]}.get(
        name, [github, gitlab]
    )
    start = f"Commit, and push to the branch {_branch(setting)}: what is merged there is published."
    return "\n".join([start, *lines])
