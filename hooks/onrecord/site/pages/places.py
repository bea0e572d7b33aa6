"""Where each page of the site is, among the pages as MkDocs counts them (`….md`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from onrecord.records.vocabulary import STAGES, Stage, Status
from onrecord.text.slugs import page_name_of_person, page_name_of_tag

HOME = "index.md"
BOARD, CLOSED = "decisions/index.md", "decisions/closed.md"
RECURRING, STUCK = "decisions/recurring.md", "decisions/stuck.md"
QUESTIONS = "decisions/questions.md"
ROLES, HANDOFFS = "playbooks/index.md", "handoffs/index.md"
SEARCH = "search/index.md"


TOGETHER = "scoreboard/together.md"
PEOPLE, READINESS, SCOREBOARD, PROCESS = (
    "people/index.md",
    "readiness/index.md",
    "scoreboard/index.md",
    "process/index.md",
)


CHANGES, CHANGES_OF_DECISIONS, CHANGES_OF_ROLES, CHANGES_OF_NUMBERS = (
    "changes/index.md",
    "changes/decisions.md",
    "changes/roles.md",
    "changes/numbers.md",
)
CHANGES_PAGES = {
    CHANGES: "Changes",
    CHANGES_OF_DECISIONS: "Changes of decisions",
    CHANGES_OF_ROLES: "Changes of roles",
    CHANGES_OF_NUMBERS: "Changes of numbers",
}

START, START_HANDOFF, START_ROLE = (
    "start/index.md",
    "start/handoff/index.md",
    "start/role/index.md",
)
"""The forms that begin a record."""

STYLESHEET = "assets/onrecord.css"
ASSETS = "assets/onrecord"
"""The folder of what search and tables load; search finds the site's root from there."""
TABLES, TABLE_STYLES = f"{ASSETS}/tables.js", f"{ASSETS}/tables.css"
"""The script and the style sheet of long lists; a page that has one loads both."""
MARK = f"{ASSETS}/mark.svg"
"""Our mark, where a team has set no favicon of its own; the theme's folder holds it."""
PREVIEW = f"{ASSETS}/preview.png"
"""What a chat shows beside a link to a page; a file of that path in docs/ takes its place."""
PICTURES = f"{ASSETS}/pictures"
"""The folder of the pictures of records, where the site's owner asks for them."""
DISK = f"{ASSETS}/disk.js"
"""What a site opened from a disk says can't work there; the script of who reads loads it then."""
SEARCH_BUILD = f"{ASSETS}/search/build.json"
"""Which build of the search's index the pages of the site belong to; no page changes with it."""
YOU = f"{ASSETS}/you.js"
"""The script of who reads: what waits for them, on home and in the header."""

THEME_SHEETS = f"{ASSETS}/theme"
"""The folder of the theme's style sheets, without what no page uses."""
THEME_SCRIPT = f"{ASSETS}/theme.js"
"""What the theme's own script does for most sites, in a tenth of its weight."""

DIAGRAMS = "assets/onrecord-diagrams"
"""The folder of what draws diagrams; a page that has one loads it."""

FORMS = "assets/onrecord-forms"
FORM_SCRIPT, COPY_SCRIPT = f"{FORMS}/forms.js", f"{FORMS}/copy.js"
FORM_STYLES = f"{FORMS}/forms.css"
REPLY_SCRIPT = f"{FORMS}/reply.js"
NEAREST = "assets/onrecord-nearest"
"""The folder of the index by which a form finds what was decided before."""


TEAM_CALENDAR, TEAM_FEED = "calendar.ics", "feed.atom"
DECISIONS_FEED = "decisions/feed.atom"


class IndexPage(NamedTuple):
    """A page that the site makes: its path among the pages, its title, and its HTML on demand.

    `handle` names the person whose page it is.
    """

    path: str
    title: str
    html: Callable[[Callable[[str], str]], str]
    handle: str = ""


def person_page(handle: str) -> str:
    """The page of what waits for a person."""
    return f"people/{page_name_of_person(handle)}/index.md"


def waiting_file(handle: str) -> str:
    """The file of what waits for a person, as a browser that knows their name reads it."""
    return f"people/{page_name_of_person(handle)}/waiting.json"


def stage_page(stage: Stage) -> str:
    """The page of the open decisions in one stage."""
    return f"decisions/stage/{stage}.md"


def role_facts(role: str) -> str:
    """The file of what a new handoff of a role begins with."""
    return f"start/handoff/{page_name_of_person(role)}.json"


def status_page(status: Status) -> str:
    """The page of the decisions with one outcome."""
    return f"decisions/outcome/{status}.md"


def year_page(year: int | None) -> str:
    """The page of a year's decisions."""
    return f"decisions/year/{year or 'undated'}.md"


def owner_page(owner: str) -> str:
    """The page of all decisions of a role or person."""
    return f"decisions/role/{page_name_of_person(owner)}.md"


def tag_page(tag: str) -> str:
    """The page of all decisions with a tag."""
    return f"decisions/tag/{page_name_of_tag(tag)}.md"


def part_page(page: str, part: str) -> str:
    """The page of one part of a list that is too long for a page: a year, or a month of it."""
    return f"{page.removesuffix('.md')}/{part}.md"


TABS = {
    "decisions": {
        BOARD: "Open",
        STUCK: "Stuck",
        QUESTIONS: "Questions",
        CLOSED: "Closed",
        RECURRING: "Recurring",
        PROCESS: "Pace",
    },
    "roles": {
        ROLES: "Who does what",
        HANDOFFS: "Handoffs",
        READINESS: "Readiness",
        SCOREBOARD: "Numbers",
    },
    "changes": {
        CHANGES: "Everything",
        CHANGES_OF_DECISIONS: "Decisions",
        CHANGES_OF_ROLES: "Roles",
        CHANGES_OF_NUMBERS: "Numbers",
    },
}
"""The pages that share a word of the navigation, with the words of their tabs."""

ICONS = {
    HOME: "material/home-outline",
    BOARD: "material/file-check-outline",
    ROLES: "material/account-outline",
    PEOPLE: "material/account-group-outline",
    CHANGES: "material/sort-variant",
    START: "material/plus",
}
"""The shapes of the words of the navigation, as Material names them."""


def word_of(page: str) -> str:
    """The page whose word of the navigation a page belongs to; '' for none.

    `page` is a page that the site makes, or the path of a record.
    """
    for top, pages in ((BOARD, "decisions"), (ROLES, "roles"), (CHANGES, "changes")):
        if page in TABS[pages]:
            return top
    folders = {"decisions/": BOARD, "playbooks/": ROLES, "people/": PEOPLE}
    return next((top for folder, top in folders.items() if page.startswith(folder)), "")


STAGE_PAGES = {stage: stage_page(stage) for stage in STAGES}
STAGE_FEEDS = {stage: f"decisions/stage/{stage}.atom" for stage in STAGES}

MEETING = "decisions/stage/integrate.ics"
"""The invitation to the one meeting."""

FEEDS_OF = {
    HOME: (TEAM_FEED, "News of the team"),
    CHANGES: (DECISIONS_FEED, "New and moved decisions"),
    BOARD: (DECISIONS_FEED, "New and moved decisions"),
    CLOSED: (DECISIONS_FEED, "New and moved decisions"),
    PEOPLE: (TEAM_FEED, "News of the team"),
    **{
        STAGE_PAGES[stage]: (STAGE_FEEDS[stage], f"Decisions that come to {stage}")
        for stage in STAGES
    },
}
"""The feed that a feed reader finds when it is given the address of a page, and its title."""
