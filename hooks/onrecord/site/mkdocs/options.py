"""What `mkdocs.yml` says to OnRecord: the keys below `extra: onrecord:`, and what follows of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from onrecord.forges.hosts import KINDS, Place, place_of
from onrecord.forges.requests import OpenRequest, read_requests
from onrecord.records import disk
from onrecord.records.findings import did_you_mean
from onrecord.site.mkdocs import search_box
from onrecord.site.mkdocs.cleaning import CLEANED, TRUSTED
from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.policy import OPTION as POLICY

SWITCHES = ("home", "precedents", "markdown", "search")
"""The keys that are true or false."""
WORDS = {"forge": tuple(KINDS), "docs": (CLEANED, TRUSTED), "anchors": ("mkdocs", "forge")}
"""The keys that have one of some words."""
PICTURES = "pictures"
"""Asks for a picture of each record, which chats show; a word names a font of the owner's."""
MEANING = "meaning"
"""Names the folder of a sentence model, or turns models off; the command line reads it."""
REQUESTS_VARIABLE = "ONRECORD_REQUESTS"
"""The environment's name of the file that `onrecord gather --open` wrote."""
MOST_OF_REQUESTS = 1_000_000
"""Characters of it that are read."""
KEYS = (*SWITCHES, *WORDS, PICTURES, POLICY, MEANING)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What one build is asked for.

    `root` is the folder of `mkdocs.yml`; `docs_dir` is seen from there; `place` is the repository
    on its forge; `pictures` says whether records have one each, and `font` the file of one
    to draw them with; `policy` is for `PagePolicy` to read; `requests` are those of the file that
    `ONRECORD_REQUESTS` names.
    """

    root: Path
    docs_dir: str
    home: bool
    precedents: bool
    markdown: bool
    search: bool
    docs: str
    anchors: str
    pictures: bool
    font: Path | None
    policy: object
    place: Place | None
    requests: tuple[OpenRequest, ...] = ()


def options_of(config: MkDocsConfig) -> BuildOptions:
    """The options of a build. Raises `PluginError` for a key or value that isn't one of them."""
    options = config.extra.get("onrecord") or {}
    if not isinstance(options, dict):
        raise PluginError("mkdocs.yml: `extra: onrecord:` must have keys, such as `home: true`")
    for key, value in options.items():
        if key in SWITCHES:
            if not isinstance(value, bool):
                raise PluginError(f"mkdocs.yml: `extra: onrecord: {key}:` must be true or false")
        elif key in WORDS:
            if value not in WORDS[key]:
                raise PluginError(
                    f"mkdocs.yml: `extra: onrecord: {key}:` must be one of {', '.join(WORDS[key])}"
                )
        elif key == PICTURES:
            if not isinstance(value, bool | str) or value == "":
                raise PluginError(
                    f"mkdocs.yml: `extra: onrecord: {key}:` must be true, false, or the path of a "
                    "font's file"
                )
        elif key == MEANING:
            if not isinstance(value, str) and value is not False:
                raise PluginError(
                    f"mkdocs.yml: `extra: onrecord: {key}:` must name the folder of a model, "
                    "or be false"
                )
        elif key != POLICY:
            near = did_you_mean(str(key), KEYS)
            raise PluginError(
                f"mkdocs.yml: `extra: onrecord: {key}` isn't an option: "
                f"{near}the options are {', '.join(KEYS)}"
            )
    root = Path(config.config_file_path or ".").resolve().parent
    docs = Path(config.docs_dir).resolve()
    # A docs folder elsewhere has no path in the repository that a record could link to.
    docs_dir = docs.relative_to(root).as_posix() if docs.is_relative_to(root) else "docs"
    switches = {key: bool(options.get(key, True)) for key in SWITCHES}
    switches["search"] = search_box.wanted(config, switches["search"])
    forge = str(options.get("forge") or "")
    place = place_of(config.repo_url or "", config.edit_uri or "", docs_dir, forge)
    return BuildOptions(
        root,
        docs_dir,
        **switches,
        docs=options.get("docs", CLEANED),
        anchors=options.get("anchors", "mkdocs"),
        pictures=bool(options.get(PICTURES, False)),
        font=_font(root, options.get(PICTURES)),
        policy=options.get(POLICY),
        place=place,
        requests=_requests(place),
    )


def _font(root: Path, named: object) -> Path | None:
    """The font that the owner names. Raises `PluginError` where there is no such file."""
    if not isinstance(named, str):
        return None
    try:
        file = disk.place(root, named)
    except (OSError, ValueError):
        file = None
    if file is None or not file.is_file():
        raise PluginError(
            f"mkdocs.yml: `extra: onrecord: {PICTURES}: {named}`: there is no such file; name a "
            "font in this repository, such as docs/fonts/NotoSansJP-Regular.ttf"
        )
    return file


def _requests(place: Place | None) -> tuple[OpenRequest, ...]:
    """The open requests that CI has written to a file; none where it hasn't, or can't be read."""
    name = os.environ.get(REQUESTS_VARIABLE, "")
    if not name or place is None:
        return ()
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as file:
            return read_requests(file.read(MOST_OF_REQUESTS), place.repo)
    except OSError as error:
        log.info("%s: the open requests can't be read: %s", name, error.strerror)
        return ()
