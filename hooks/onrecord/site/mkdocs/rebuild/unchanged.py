"""A build of what was built before, into a folder where it still is: the site stays as it is.

In come all that a build reads, and the folder of the site; out comes whether that folder holds, to
the byte, what a build of just that wrote. Where it does, MkDocs goes on without a page, and what
the earlier build warned of is said again.

All is compared by what it holds: so it doesn't matter who wrote the folder or copied it, and a
file that somebody has changed, added or deleted there is seen. A file that nobody touched since an
earlier look isn't opened. Where somebody else takes part in a build, nobody knows what else it
reads, and the site is made.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

import msgspec
from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_build_date

from onrecord.records import clock, git
from onrecord.records.disk import is_link, is_there, walk
from onrecord.records.keeping import (
    CACHE_VARIABLE,
    KEY_VARIABLE,
    Digests,
    Kept,
    cache_of,
    decoded,
    key_for,
    secret_of_user,
)
from onrecord.records.library import Library
from onrecord.records.settings import MKDOCS_FILES
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER
from onrecord.search.pagefind import NoIndexError, program
from onrecord.site.made_files import FOR_AGENTS
from onrecord.site.mkdocs.log import Heard, Said, say_again
from onrecord.site.mkdocs.rebuild.filling import (
    UnknownPartError,
    files_of_theme,
    plain,
    refuse_others,
)
from onrecord.site.mkdocs.rebuild.folder import Listing
from onrecord.site.mkdocs.rebuild.known import unknown_in
from onrecord.site.mkdocs.rebuild.memo import stamp_of_site

if TYPE_CHECKING:
    from onrecord.site.mkdocs.options import BuildOptions

KIND, AT_WORK = "site", "building"

_SEEN = ("GIT_", "MKDOCS_", "ONRECORD_", "PAGEFIND_", "PYTHON")
_SEEN_TOO = frozenset(("CI_PAGES_URL", "SOURCE_DATE_EPOCH"))
_NOT_SEEN = frozenset((CACHE_VARIABLE, KEY_VARIABLE))
"""Variables of the environment that a build reads, and those whose text says nothing of a site."""

_PATTERNS = frozenset(("draft_docs", "exclude_docs", "not_in_nav"))
_NOT_OF_A_SITE = frozenset(
    (
        *("config_file_path", "dev_addr", "docs_dir", "site_dir", "strict", "watch"),
        *("hooks", "markdown_extensions", "plugins"),
    )
)
"""Options of which the site says nothing, and those that are looked at more closely."""

_ASKED_OF_GIT = (
    ("rev-parse", "--is-shallow-repository", "--show-prefix"),
    ("rev-parse", "--verify", "--quiet", "HEAD"),
    ("config", "--get-regexp", r"^(core|diff|log)\."),
)
"""What a build can hear from git follows from these answers, and from where a clone was cut off."""


class _Left(msgspec.Struct, array_like=True):
    """What a build left, what it warned of, and which files that it only links to were there."""

    listing: Listing
    warnings: list[Said]
    others: list[str]
    absent: list[str]


class LastBuild:
    """Lives for one build, until its `end`; it hears what the build warns of.

    `ours` is what our events are methods of; `listing` is what is in the folder as it begins, None
    where that can't be known. `unknown` names what keeps a build from being told from the one
    before; it is '' where nothing does.
    """

    def __init__(
        self, config: MkDocsConfig, options: BuildOptions, ours: object, digests: Digests
    ) -> None:
        self._config, self._options, self._ours = config, options, ours
        self._digests = digests
        self._site = Path(config.site_dir)
        self._templates: set[str] = set()
        # Of two builds into one folder, neither knows what it left there.
        self._place, self._sign = key_for(b"", [str(self._site.resolve())]), token_bytes(8)
        self._is_alone = self._has_begun = False
        self._aside: dict[str, Any] = {}
        self.unknown = ""
        self._inputs = b""
        self.listing: Listing | None = None
        try:
            self._inputs = self._read()
        except UnknownPartError as error:
            self.unknown = str(error)
        self._warnings = Heard(logging.WARNING)

    @property
    def is_left(self) -> bool:
        """Whether MkDocs was told to leave the site as it is."""
        return bool(self._aside)

    def leave(self) -> bool:
        """Have MkDocs leave the site as it is, where it is as it has to be; say the warnings."""
        found, self.listing = self._kept(), listing_of(self._site, self._digests)
        if found is None or self.listing != found.listing:
            self._begin()
            return False
        config, theme = self._config, self._config.theme
        self._aside = {"nav": config.nav}
        self._templates, theme.static_templates = theme.static_templates, set()
        config.nav = None
        build.log.addFilter(_says_nothing)
        say_again(found.warnings)
        return True

    def end(self) -> None:
        """Give MkDocs back what was set aside."""
        self._warnings.end()
        if self._has_begun:
            kept = self._open()
            if kept.read(AT_WORK, self._place) == self._sign:
                kept.write(AT_WORK, self._place, b"")
            kept.close()
        build.log.removeFilter(_says_nothing)
        if self.is_left:
            for name, value in self._aside.items():
                self._config[name] = value
            self._config.theme.static_templates = self._templates
            self._aside = {}

    def keep(self, library: Library, listing: Listing | None) -> None:
        """Keep what this build has left, as `listing` has it, if nothing was changed meanwhile."""
        listing = listing or listing_of(self._site, self._digests)
        try:
            if listing is None or self._read() != self._inputs:
                return
            left = _Left(
                listing, self._warnings.heard, sorted(library.others), sorted(library.absent)
            )
            data = msgspec.msgpack.encode(left)
        except (UnknownPartError, ValueError):  # the latter: signs that no UTF-8 has
            return
        kept = self._open()
        if self._is_alone and kept.read(AT_WORK, self._place) == self._sign:
            kept.write(KIND, self._inputs, data)
        kept.close(KIND)

    def _begin(self) -> None:
        """Note that a build is at work in this folder; see whether one is, or was killed."""
        kept = self._open()
        self._is_alone = not kept.read(AT_WORK, self._place)
        kept.write(AT_WORK, self._place, self._sign)
        kept.close()
        self._has_begun = True

    def _open(self) -> Kept:
        return Kept(cache_of(self._options.root), "site", secret_of_user())

    def _kept(self) -> _Left | None:
        """What a build of all this left; None where there was none."""
        kept = self._open()
        data = kept.read(KIND, self._inputs)
        kept.close()
        found = decoded(data, _Left)
        if found is None:
            return None
        root = self._options.root
        linked = [*((one, True) for one in found.others), *((one, False) for one in found.absent)]
        is_same = all(is_there(root / path) == was_there for path, was_there in linked)
        return found if is_same else None

    def _read(self) -> bytes:
        """What stands for all that a build reads. Raises `UnknownPartError`."""
        config, options, digests = self._config, self._options, self._digests
        root, docs = options.root, Path(config.docs_dir)
        hooks: Any = config.hooks  # a mapping, whatever MkDocs says of its type
        self._refuse_others()
        try:
            read: list[Iterable[str | bytes]] = [
                (str(clock.today()), get_build_date()),
                # With `--quiet` nobody hears what there is to warn of.
                (str(build.log.isEnabledFor(logging.WARNING)),),
                (repr(replace(options, root=Path(), font=None)), self._written()),
                _packages(),
                _environment(),
                (json.dumps([files_of_theme(Path(one)) for one in config.theme.dirs]),),
                (str((root / one).is_file()) for one in FOR_AGENTS),
                _bytes_of((root / one for one in MKDOCS_FILES), digests),
                _bytes_of((Path(str(hook.__file__)) for hook in hooks.values()), digests),
                _bytes_of([options.font] if options.font else [], digests),
                _bytes_of([program()] if options.search else [], digests),
                _history(root, digests),
                *(_tree(root / one, digests) for one in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER)),
                _tree(docs, digests),
            ]
            return key_for(stamp_of_site(), (key_for(b"", one) for one in read))
        except OSError as error:
            raise UnknownPartError(f"{error.filename}, which can't be read") from None
        except (ValueError, NoIndexError) as error:
            raise UnknownPartError(str(error)) from None

    def _refuse_others(self) -> None:
        """Only what is ours and MkDocs' may take part."""
        config = self._config
        refuse_others(config, config.plugins.events, self._ours)
        if unknown := unknown_in(self._extensions(), config.mdx_configs or {}):
            raise UnknownPartError(unknown)
        if config.extra_templates:
            raise UnknownPartError("a template of `extra_templates`")

    def _extensions(self) -> list[Any]:
        """Those of Markdown that aren't ours."""
        every: list[Any] = self._config.markdown_extensions
        return [one for one in every if not type(one).__module__.startswith("onrecord.")]

    def _written(self) -> str:
        """What mkdocs.yml, all that it inherits and the command line say."""
        said: dict[str, Any] = {"markdown_extensions": plain(self._extensions())}
        for key, value in self._config.items():
            if key in _PATTERNS:
                ones = value.patterns if value is not None else []
                said[key] = [[one.include, one.regex and one.regex.pattern] for one in ones]
            elif key not in _NOT_OF_A_SITE:
                said[key] = plain(value)
        return json.dumps(said)


def standing_in(
    folder: Path, config: MkDocsConfig, ours: object, digests: Digests
) -> Listing | None:
    """What is in the folder that is served; None where others may write into it."""
    try:
        refuse_others(config, config.plugins.events, ours)
    except UnknownPartError:
        return None
    return listing_of(folder, digests)


def _says_nothing(record: logging.LogRecord) -> bool:
    """Keeps back what MkDocs says of cleaning and building, where it does neither."""
    return record.levelno > logging.INFO


def listing_of(site: Path, digests: Digests) -> Listing | None:
    """What is in the folder of a site but for what MkDocs leaves there: hidden files at its top.

    None where there is something that no build writes, or that can't be read.
    """
    found: Listing = {}
    if not os.path.lexists(site):
        return found
    try:
        for path, entry in _within(site):
            if path.startswith("."):
                continue
            found[path] = digests.of(entry) if entry.is_file() else b""
    except (OSError, UnknownPartError):
        return None
    return found


def _tree(folder: Path, digests: Digests) -> Iterator[str | bytes]:
    """What stands for all that is in a folder."""
    if not folder.is_dir():
        yield "none"
        return
    if is_link(folder):
        raise UnknownPartError(f"the link {folder.name}")
    for path, entry in sorted(_within(folder), key=lambda one: one[0]):
        yield path
        yield digests.of(entry) if entry.is_file() else b""


def _within(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file and folder below one, by its path from there. What is neither is unknown."""
    for path, entry in walk(folder, hidden=True, strictly=True):
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not entry.is_file(follow_symlinks=False):
            raise UnknownPartError(f"{path}, a link or no file")
        yield path, entry


def _bytes_of(files: Iterable[Path], digests: Digests) -> Iterator[bytes]:
    """What stands for files; nothing of one that isn't there."""
    for file in files:
        yield digests.of(file.resolve()) if file.is_file() else b""


def _packages() -> Iterator[str]:
    """What is installed, as the names of the folders say in which that is written."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        yield from sorted(one for one in names if one.endswith((".dist-info", ".egg-info")))


def _environment() -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if (name.startswith(_SEEN) or name in _SEEN_TOO) and name not in _NOT_SEEN:
            yield f"{name}={value}"


def _history(root: Path, digests: Digests) -> Iterator[str | bytes]:
    """What stands for all that a build can hear from git."""
    yield from (git.hear(root, *words) for words in _ASKED_OF_GIT)
    cut_off = git.hear(root, "rev-parse", "--git-path", "shallow")
    yield from _bytes_of([root / cut_off] if cut_off else [], digests)
