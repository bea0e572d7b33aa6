"""The files of a new knowledge base: what `onrecord init` writes, as values.

In come the site's name, the day, and what is known of the folder and its repository; out come
paths and bytes. Nothing here touches the disk but to read the starter files of this package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from importlib.resources.abc import Traversable

from onrecord import __version__
from onrecord.drafting.schemas import SCHEMAS_FOLDER, schemas
from onrecord.drafting.snippets import SNIPPETS_FILE, snippets
from onrecord.drafting.translated import ENGLISH, in_nav, starter_files
from onrecord.forges.hosts import _FORGES, Forge
from onrecord.records.settings import MKDOCS_FILES
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER, STAGES
from onrecord.text.escaping import as_text

HOOK_FILE = "hooks/mkdocs_events.py"
README_AS_HOME = "docs/README.md"
"""MkDocs takes this for the home page; an index.md beside it would push it out."""


_TELL = (*MKDOCS_FILES, README_AS_HOME, HOOK_FILE)
"""What tells a later run that a site is there."""

_OF_FORGE = {"GitHub": (".github/",), "GitLab": (".gitlab/", ".gitlab-ci.yml")}
"""What only that forge reads. Where the forge isn't known, or is another one, all is written."""

_PLACEHOLDER = re.compile(r"@@([a-z_]+)([+-]\d+)?@@")
_PLAIN_BRANCH = re.compile(r"[\w\-][\w./\-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known before the first file is written.

    `there` are the paths of MKDOCS_FILES, README_AS_HOME and HOOK_FILE that exist; `has_records`
    is true when the folder holds decisions or playbooks, which our examples must not be mixed with;
    `can_build` when what builds the site is installed.
    """

    site_name: str
    today: date
    forge: Forge | None = None
    branch: str = "main"
    prefix: str = ""
    there: frozenset[str] = frozenset()
    has_records: bool = False
    language: str = ENGLISH
    can_build: bool = True

    @property
    def own_mkdocs(self) -> str:
        """The name of the configuration that is there already, or ''."""
        return next((name for name in MKDOCS_FILES if name in self.there), "")

    @property
    def plain_branch(self) -> str:
        """The branch, or main when its name would have to be quoted in YAML or in an address."""
        return self.branch if _PLAIN_BRANCH.fullmatch(self.branch) else "main"


def files(setting: Setting) -> Iterator[tuple[str, bytes]]:
    """Every file of a new knowledge base, with its path.

    Those that tell a later run that all is there come last, so that it completes one cut short.
    """
    yield from sorted(_files(setting), key=lambda file: (file[0] == HOOK_FILE, file[0] in _TELL))


def has_other_records(paths: Iterable[str], setting: Setting) -> bool:
    """True for records among these paths that aren't the examples of a new knowledge base."""
    examples = {path for path, _ in _files(replace(setting, has_records=False))}
    return not examples.issuperset(paths)


def _files(setting: Setting) -> Iterator[tuple[str, bytes]]:
    for name, text in _texts(setting.language):
        if not _is_wanted(name, setting):
            continue
        yield _filled(name, setting), _filled(text, setting).encode()
    yield SNIPPETS_FILE, snippets(setting.language).encode()
    for name, text in schemas().items():
        yield f".vscode/{SCHEMAS_FOLDER}/{name}", text.encode()


def _texts(language: str) -> Iterator[tuple[str, str]]:
    """The starter's files with placeholders, in a language."""
    for name, source in _below(_starter(), ""):
        if language == ENGLISH or not name.startswith(_WRITTEN_IN_WORDS):
            text = source.read_text(encoding="utf-8")
            if name == "requirements.txt" and language in UNSPACED:
                text = text.replace("# pagefind[extended]", "pagefind[extended]")
            yield name, in_nav(text, language) if name in MKDOCS_FILES else text
    if language != ENGLISH:
        yield from starter_files(language)


_WRITTEN_IN_WORDS = ("docs/", f"{DECISIONS_FOLDER}/", f"{PLAYBOOKS_FOLDER}/")
UNSPACED = ("ja", "zh")
"""Languages without spaces between words, where only the larger search finds one in a sentence."""


def hook_text() -> str:
    """The file that mkdocs.yml's `hooks:` names."""
    return (_starter() / "hooks" / "mkdocs_events.py.tpl").read_text(encoding="utf-8")


def _starter() -> Traversable:
    return resources.files("onrecord.drafting") / "starter"


def _is_wanted(path: str, setting: Setting) -> bool:
    folder = path.partition("/")[0]
    forge = setting.forge.name if setting.forge else ""
    if forge in _OF_FORGE:
        others = (start for name, starts in _OF_FORGE.items() if name != forge for start in starts)
        if path.startswith(tuple(others)):
            return False
    if folder in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER):
        # Where our hook is, the examples were there and somebody has deleted them.
        return not (setting.has_records or HOOK_FILE in setting.there)
    if setting.own_mkdocs and setting.own_mkdocs != path:
        # A site that is there has pages of its own, and maybe another folder for them.
        return folder not in ("docs", *MKDOCS_FILES)
    return not (path == "docs/index.md" and README_AS_HOME in setting.there)


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """The starter files with the names they get.

    `dot-` is a leading dot, because tools treat hidden files in a package in ways of
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
        "branch": setting.plain_branch,
        "forge_yaml": forge_yaml(setting),
        "home": "README.md" if README_AS_HOME in setting.there else "index.md",
        "site_yaml": site_yaml(setting),
        "site_name_md": as_text(setting.site_name),
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


def forge_yaml(setting: Setting) -> str:
    """The lines of mkdocs.yml that say where the repository is; in comments where nobody knows."""
    forge, branch = setting.forge, setting.plain_branch
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


def site_yaml(setting: Setting) -> str:
    """The lines of mkdocs.yml that say where the site will be; in comments where nobody knows."""
    known = setting.forge.pages_url if setting.forge else ""
    line = f'site_url: "{known}"' if known else "# site_url: https://example.org/handbook/"
    return (
        "# Where the site is published. Feeds, calendars, the sitemap and links in chats need it.\n"
        f"{line}\n"
    )


def _stages_table() -> str:
    return "\n".join(
        f"| {stage.number}&nbsp;{stage.title} | {stage.meaning.what} | {stage.meaning.moves_on} |"
        for stage in STAGES
    )
