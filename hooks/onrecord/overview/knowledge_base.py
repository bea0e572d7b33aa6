"""One door to a knowledge base on disk: everything a run may ask, each part read once.

Nothing is read before it is asked for, so a command pays only for the parts it uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.lifecycle.relations import Relations, relate
from onrecord.lifecycle.upkeep import findings_of
from onrecord.overview.catalogue import Catalogue
from onrecord.records.findings import Finding
from onrecord.records.keeping import cache_of
from onrecord.records.library import Library
from onrecord.records.reading import read_library
from onrecord.records.settings import MkdocsFile
from onrecord.text.progress import Progress, silent

if TYPE_CHECKING:
    from onrecord.overview.roster import Roster
    from onrecord.precedents.before import Before
    from onrecord.records.history import History


@dataclass(frozen=True)
class KnowledgeBase:
    """The files below `root`, as they are on the day of the run."""

    root: Path
    today: date
    docs_dir: str = "docs"
    searches: bool = True
    """False where the team wants no precedents but those that authors have answered."""
    commit: str = ""
    """Names the commit whose files are read, in place of those on disk."""
    progress: Progress = field(default=silent, compare=False)
    """Is told how far the reading and the ranking are."""

    @classmethod
    def open(
        cls,
        root: Path,
        today: date,
        docs_dir: str = "docs",
        *,
        searches: bool = True,
        progress: Progress = silent,
    ) -> KnowledgeBase:
        """The knowledge base at `root`. `docs_dir` is the folder of the site's own pages."""
        return cls(root, today, docs_dir, searches, progress=progress)

    @classmethod
    def at(cls, root: Path, commit: str, today: date) -> KnowledgeBase:
        """The knowledge base as a commit holds it, for a day; it ranks nothing."""
        return cls(root, today, searches=False, commit=commit)

    @cached_property
    def library(self) -> Library:
        """Every record, page and person."""
        if self.commit:
            from onrecord.records.history import library_at  # loaded late, as in `precedents`

            return library_at(self.root, self.commit)
        return read_library(self.root, self.docs_dir, cache_of(self.root), self.progress)

    @cached_property
    def language(self) -> str:
        """The language of the site's theme, as mkdocs.yml has it; English where it says nothing."""
        return MkdocsFile.read(self.root).word("theme", "language") or "en"

    @cached_property
    def relations(self) -> Relations:
        """What records say of each other."""
        return relate(self.library)

    @cached_property
    def precedents(self) -> Before:
        """The earlier decisions that are close to each; ranked when the first is asked for."""
        # Loaded late: most commands never rank, and numpy takes longer to load than they run.
        from onrecord.precedents.before import Before, open_before

        if not self.searches:
            return Before(self.library, self.relations)
        return open_before(self.root, self.library, self.relations, self.progress)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Decisions, roles and handoffs in the groups and orders that lists show."""
        return Catalogue(self.library, self.relations, self.today, lambda: self.precedents)

    @cached_property
    def roster(self) -> Roster:
        """Each role and person with all that belongs to them."""
        from onrecord.overview.roster import Roster  # loaded late, as in `precedents`

        return Roster(self.catalogue)

    @cached_property
    def history(self) -> History:
        """When what the records hold was committed, as git knows it."""
        from onrecord.records.history import history_of  # loaded late, as in `precedents`

        return history_of(self.root)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with it on that day, by path and line."""
        return findings_of(self.library, self.relations, self.today)
