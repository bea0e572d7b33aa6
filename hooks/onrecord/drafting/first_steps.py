"""What to do next: the words that `onrecord init` ends with.

In come what is known of the folder and what was in it; out come numbered steps, in words to copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from onrecord import __version__
from onrecord.drafting.knowledge_base import HOOK_FILE, UNSPACED, Setting, forge_yaml, hook_text

_MKDOCS_LINES = """\
hooks:
  - hooks/mkdocs_events.py
nav:            # add these to your nav; if you have none, leave this out
  - Start a decision: start/index.md
  - Decisions:
      - Board: decisions/index.md
      - Closed: decisions/closed.md
      - What changed: changes/index.md
  - People:
      - Who is waited for: people/index.md
      - Roles: playbooks/index.md
      - Readiness: readiness/index.md
      - Scoreboard: scoreboard/index.md
      - Handoffs: handoffs/index.md
      - The process: process/index.md
"""


def next_steps(
    setting: Setting, directory: str, kept: Mapping[str, str], is_new: bool = True
) -> str:
    """What a person does next, in words to copy; '' when nothing is left to do.

    `kept` holds the text of each file that was there with another content, and of the site's
    configuration and hooks; `is_new` is false when nothing was written.
    """
    steps = [*_to_add(setting, kept)]
    if not setting.can_build:
        steps.append(
            "Install what builds the site (in a virtual environment, if you like):\n"
            f"    {_cd(directory)}pip install -r requirements.txt"
        )
    if is_new:
        steps += [
            "Check the files, and read the site at http://127.0.0.1:8000/:\n"
            f"    {_cd(directory)}onrecord check\n"
            "    mkdocs serve",
            'Write your first decision:\n    onrecord new decision "What we decide"',
            _to_publish(setting),
            "Once the roles name people on the forge, let the forge ask them for reviews:\n"
            f"    onrecord codeowners --write {_codeowners_place(setting)}",
        ]
        if not (setting.has_records or HOOK_FILE in setting.there):
            steps.append(
                "The decisions, the roles and the handoff are examples. Read them, then delete "
                "them or\nmake them yours."
            )
    if not steps:
        return ""
    return "What to do next:\n\n" + "\n\n".join(
        f"{number}. " + step.replace("\n", "\n   ") for number, step in enumerate(steps, start=1)
    )


_UNSPACED_SITE = re.compile(r"(?m)^[ \t]+language:[ \t]*[\"']?(?:zh|ja|th)\b")
"""A theme whose language is written without spaces between words."""


def is_complete(setting: Setting, kept: Mapping[str, str]) -> bool:
    """True when the site that was there, if one was, names our hooks."""
    own = setting.own_mkdocs
    return not own or HOOK_FILE in kept.get(own, "")


def _codeowners_place(setting: Setting) -> str:
    if setting.prefix:
        return "PATH"
    return {"GitHub": ".github/CODEOWNERS", "GitLab": ".gitlab/CODEOWNERS"}.get(
        setting.forge.name if setting.forge else "", "CODEOWNERS"
    )


def _to_add(setting: Setting, kept: Mapping[str, str]) -> Iterator[str]:
    """For each file that was kept and doesn't name us yet, what to add to it."""
    own = setting.own_mkdocs
    if not is_complete(setting, kept):
        lines = "".join(f"    {line}\n" for line in _MKDOCS_LINES.splitlines()).rstrip()
        yield f"{own} was already there and wasn't changed. Add to it:\n{lines}"
    if own and setting.forge and not re.search(r"(?m)^repo_url:", kept.get(own, "")):
        yield (
            f"{own} doesn't say where the repository is, so no page has a link that opens its\n"
            f"file for editing. Add to it:\n"
            + "".join(f"    {line}\n" for line in forge_yaml(setting).splitlines()).rstrip()
        )
    if HOOK_FILE in kept and "onrecord" not in kept[HOOK_FILE]:
        lines = "\n".join(f"    {line}".rstrip() for line in hook_text().splitlines())
        yield (
            f"{HOOK_FILE} was already there and wasn't changed. Put these lines into another\n"
            f"file, such as hooks/onrecord_events.py, and name that under hooks: in mkdocs.yml:\n"
            f"{lines}"
        )
    needs = (
        ("requirements.txt", f"onrecord[site]~={__version__}", "onrecord"),
        (".gitignore", "/site/", "site"),
    )
    for name, line, sign in needs:
        if name in kept and sign not in kept[name]:
            yield f"{name} was already there and wasn't changed. Add the line:\n    {line}"
    if (
        own
        and _UNSPACED_SITE.search(kept.get(own, ""))
        and not _has_larger_search(setting, kept.get("requirements.txt"))
    ):
        yield (
            "The site is in Chinese, Japanese or Thai, where only the larger build of the search\n"
            "finds a word inside a sentence. Add to requirements.txt the line:\n"
            "    pagefind[extended]"
        )
    if ".gitlab-ci.yml" in kept and "onrecord" not in kept[".gitlab-ci.yml"]:
        yield (
            ".gitlab-ci.yml was already there and wasn't changed. Let one of its jobs run:\n"
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
    start = (
        f"Commit, and push to the branch {setting.plain_branch}: what is merged there is published."
    )
    return "\n".join([start, *lines])


def _has_larger_search(setting: Setting, needs: str | None) -> bool:
    """True where requirements.txt, as it was or as `init` writes it, names the larger search."""
    if needs is None:
        return setting.language in UNSPACED
    return "pagefind[extended]" in "".join(re.findall(r"(?m)^[^#\n]*", needs))
