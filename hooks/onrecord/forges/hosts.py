"""Where the repository is on the web, and the addresses that make a new file there.

In come what mkdocs.yml says of the repository and the folders that exist; out comes a `Place`, or
None when nobody has said where the repository is. The same forms serve the site's scripts, as data.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

MOST_ADDRESS = 6_000
"""Characters an address may have before forges and what is in front of them refuse it."""


class ForgeKind(StrEnum):
    """The forges whose page for a new file we know."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"  # Forgejo too
    OTHER = "other"


KINDS: dict[str, ForgeKind] = {
    "github": ForgeKind.GITHUB,
    "gitlab": ForgeKind.GITLAB,
    "gitea": ForgeKind.GITEA,
    "forgejo": ForgeKind.GITEA,
    "other": ForgeKind.OTHER,
}
"""The words for `extra: onrecord: forge:`."""

_NAMES = {
    ForgeKind.GITHUB: "GitHub",
    ForgeKind.GITLAB: "GitLab",
    ForgeKind.GITEA: "the forge",
    ForgeKind.OTHER: "the forge",
}
_BY_HOST = {
    "GitHub": ForgeKind.GITHUB,
    "GitLab": ForgeKind.GITLAB,
    "Forgejo or Gitea": ForgeKind.GITEA,
}
_EDIT_MARKS = {"-/edit/": ForgeKind.GITLAB, "_edit/": ForgeKind.GITEA, "edit/": ForgeKind.GITHUB}

_NEW_FILE = {
    ForgeKind.GITHUB: "{repo}/new/{folder}?filename={name}&value={text}",
    ForgeKind.GITEA: "{repo}/_new/{folder}/?filename={name}&value={text}",
    ForgeKind.GITLAB: "{repo}/-/new/{folder}?file_name={name}",
}
"""The address of the page for a new file: `{folder}` begins with the branch, and `{text}` stands
where a forge takes the content too."""


class Place(NamedTuple):
    """A repository on a forge. `prefix` is the knowledge base's folder in it, such as `team/`."""

    kind: ForgeKind
    repo: str
    branch: str
    prefix: str

    @property
    def name(self) -> str:
        """What the forge is called in a sentence."""
        return _NAMES[self.kind]

    @property
    def form(self) -> str:
        """The form of the address that makes a new file; '' where there is none we know."""
        return _NEW_FILE.get(self.kind, "")

    def new_file(self, path: str, folders: Collection[str], text: str = "") -> str:
        """The address that makes a file of the knowledge base; the repository's where unknown.

        It opens in the deepest of `folders`, those that exist: some forges know no others.
        """
        if not self.form:
            return self.repo
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folder = folder.rpartition("/")[0]
        name = path[len(folder) + 1 :] if folder else path
        return self.form.format(
            repo=self.repo,
            folder=quote(f"{self.branch}/{self.prefix}{folder}".rstrip("/")),
            name=quote(name, safe=""),
            text=quote(text, safe=""),
        )

    def as_data(self) -> dict[str, Any]:
        """What the site's scripts need to make the same addresses."""
        return {
            "name": self.name,
            "form": self.form,
            "repo": self.repo,
            "branch": self.branch,
            "prefix": self.prefix,
            "most": MOST_ADDRESS,
        }


def place_of(repo_url: str, edit_uri: str, docs_dir: str, named: str = "") -> Place | None:
    """The repository's place, from `repo_url`, `edit_uri` and `forge:` as mkdocs.yml has them.

    `forge:` is for a host whose name says nothing. Without it, the host's name decides, then the
    form of `edit_uri`.
    """
    repo = repo_url.strip().rstrip("/")
    if not repo.startswith(("https://", "http://")):
        return None
    uri = edit_uri.strip().removeprefix(repo).lstrip("/")
    mark = next((mark for mark in _EDIT_MARKS if uri.startswith(mark)), "")
    rest = uri.removeprefix(mark).strip("/") if mark else ""
    branch, _, folder = rest.partition("/")
    prefix = folder.removesuffix(docs_dir.strip("/")).strip("/")
    host = forge_of(repo)
    kind = (
        KINDS.get(named)
        or (_BY_HOST.get(host.name) if host else None)
        or _EDIT_MARKS.get(mark)
        or ForgeKind.OTHER
    )
    return Place(kind, repo, branch or "main", prefix + "/" if prefix else "")


def shown_under(repo_url: str | None, edit_uri: str | None) -> str:
    """The address under which the forge shows a file, from the one under which it is edited."""
    if not repo_url or not edit_uri:
        return ""
    shown = re.sub(r"(^|/)(?:edit|_edit)/", r"\1blob/", edit_uri, count=1)
    depth = shown.rstrip("/").split("/")
    branch = "/".join(depth[: depth.index("blob") + 2]) if "blob" in depth else ""
    return f"{repo_url.rstrip('/')}/{branch}/" if branch else ""


_SSH_HOSTS = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}
"""Where a forge takes ssh on the port of the web, for networks that let nothing else through."""


_SCP_FORM = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/@:]+):(?P<path>[^/].*)")
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.\-]+(?::\d+)?")
_PLAIN_PATH = re.compile(r"[\w.~\-]+(?:/[\w.~\-]+)+")


_PAGES = {"github.com": "github.io", "gitlab.com": "gitlab.io"}
"""The hosts that publish pages, and under which name."""


class Forge(NamedTuple):
    """Where a repository lives, and the form its addresses for editing have."""

    name: str
    repo_url: str
    edit_form: str

    def edit_uri(self, branch: str, prefix: str = "") -> str:
        """What MkDocs calls `edit_uri`: from the repository's address to its docs folder.

        `prefix` is the knowledge base's path in the repository, such as `handbook/`.
        """
        return self.edit_form.format(branch=branch) + f"{prefix}docs/"

    @property
    def pages_url(self) -> str:
        """Where GitHub and GitLab publish the repository's pages; '' on other hosts."""
        parts = urlsplit(self.repo_url)
        owner, _, name = parts.path.strip("/").partition("/")
        ending = _PAGES.get(parts.netloc)
        if not ending or not name:
            return ""
        site = f"{owner.lower()}.{ending}"
        return f"https://{site}/" if name.lower() == site else f"https://{site}/{name}/"


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
    host = _SSH_HOSTS.get(host.casefold(), host)
    path = path.strip("/").removesuffix(".git")
    if not (_PLAIN_HOST.fullmatch(host) and _PLAIN_PATH.fullmatch(path)):
        return None
    # By the host's name, since a team's own GitLab is often gitlab.example.org. A name that says
    # nothing needs `forge:`.
    for words, name, form in _FORGES:
        if any(word in host.casefold() for word in words):
            return Forge(name, f"{scheme}://{host}/{path}", form)
    return None
