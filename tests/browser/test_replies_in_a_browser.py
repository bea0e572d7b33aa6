"""Replies in a real browser: from a mail to an acknowledged decision, on a forge played here."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from building import NORTHWIND, Base
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import Quiet, serving

from onrecord.lifecycle.conversation import aligned, conversation_of, unaligned
from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.upkeep import findings_of
from onrecord.records.reading import read_library

LATER = date(2999, 1, 1)
TEA = """---
title: Buy tea for the office
stage: align
owner: payroll-lead
entered: {align: 2026-10-01}
informed: [alice, bob]
outcome: accepted
decided: 2026-10-01
---

## Problem

No tea.
"""
CUPS = """---
title: Buy cups
stage: collaborate
owner: payroll-lead
entered: {collaborate: 2026-10-01}
consulted: [bob, carol]
---

## Problem

No cups.
"""
CAROL = """---
from: carol
says: feedback
---

Which colour?
"""
HANDOFF = """---
from: carol
to: bob
effective: 2026-11-01
---

## Situation

All well.
"""
FORM = """<!doctype html><title>New file</title><form method="post">
<input name="path" value="{path}" aria-label="Name"><textarea name="text" aria-label="Text">
{text}</textarea><button>Commit changes</button></form>"""


class Forge(Quiet):
    """The page for a new file as GitHub has it; what is saved there is on the main branch."""

    root: Path

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(asked.query).items()}
        folder = unquote(re.split("/(?:-/new|_new|new)/main/", asked.path)[-1]).strip("/")
        path = f"{folder}/{given.get('filename') or given.get('file_name', '')}"
        self.say(FORM.format(path=html.escape(path), text=html.escape(given.get("value", ""))))

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        file = self.root / sent["path"][0]
        assert file.resolve().is_relative_to(self.root)
        assert not file.exists()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sent["text"][0].replace("\r\n", "\n"), encoding="utf-8")
        self.say("<!doctype html><title>Saved</title>")

    def say(self, page: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())


class Team:
    """A base, its site and the forge that holds it."""

    def __init__(self, base: Base, address: str) -> None:
        self.base = base
        self.address = address

    def said(self, name: str) -> Any:
        library = read_library(self.base.root)
        assert [f for f in findings_of(library, relate(library), LATER) if "/2026/" in f.path] == []
        return library.decision[name]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Iterator[Team]:
    base = Base(tmp_path_factory.mktemp("replies"), like=NORTHWIND)
    base.write("decisions/2026/tea.md", TEA)
    base.write("decisions/2026/cups.md", CUPS)
    base.write("decisions/2026/cups/2026-10-02-carol.md", CAROL)
    base.write("playbooks/support-lead/handoffs/2026-11-01-carol-to-bob.md", HANDOFF)
    handler = type("Handler", (Forge,), {"root": base.root})
    with serving(handler) as forge:
        site = base.build(
            repo_url=f"{forge}/team/record",
            edit_uri="edit/main/docs/",
            extra={"onrecord": {"forge": "github"}},
        )
        yield Team(base, serve(site.folder))


@pytest.fixture
def window(borrow: Callable[..., BrowserContext]) -> BrowserContext:
    return borrow(viewport={"width": 390, "height": 800})


def opened(window: BrowserContext, address: str) -> Page:
    tab = window.new_page()
    tab.on("pageerror", lambda error: pytest.fail(str(error)))
    tab.goto(address)
    tab.wait_for_selector("[data-or-reply][data-ready]")
    return tab


def test_from_a_mail_to_an_acknowledged_decision_in_three_clicks(
    team: Team, window: BrowserContext
) -> None:
    mail = window.new_page()
    mail.set_content(f'<a href="{team.address}decisions/2026/tea/?me=bob">Buy tea</a>')
    mail.click("text=Buy tea")
    mail.wait_for_selector("[data-or-reply][data-ready]")
    mail.click("text=I know it")
    mail.click("text=Commit changes")
    mail.wait_for_function("document.title === 'Saved'")
    assert aligned(team.said("tea")) == ("bob",)
    assert unaligned(team.said("tea")) == ("alice",)


@pytest.mark.parametrize(
    ("kind", "edit"), [("forgejo", "_edit/main/docs/"), ("gitlab", "-/edit/main/docs/")]
)
def test_other_forges_take_it_in_as_many_clicks(
    kind: str, edit: str, tmp_path: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    """Forgejo and Gitea take the text; GitLab takes the name, and the text is copied."""
    base = Base(tmp_path, like=NORTHWIND)
    base.write("decisions/2026/tea.md", TEA)
    handler = type("Handler", (Forge,), {"root": base.root})
    context = browser.new_context()
    context.add_init_script(
        "navigator.clipboard.writeText = async (text) => { window.pasted = text; };"
    )
    with serving(handler) as forge, context:
        where = f"{forge}/team/record"
        site = base.build(repo_url=where, edit_uri=edit, extra={"onrecord": {"forge": kind}})
        address = serve(site.folder)
        tab = opened(context, f"{address}decisions/2026/tea/?me=bob")
        with context.expect_page() if kind == "gitlab" else nullcontext() as opening:
            tab.click("text=I know it")
        if kind == "gitlab":
            text = tab.evaluate("window.pasted")
            tab = opening.value
            assert tab.input_value("[name=text]").strip() == ""
            tab.fill("[name=text]", text)
        tab.click("text=Commit changes")
        tab.wait_for_function("document.title === 'Saved'")
    assert aligned(read_library(base.root).decision["tea"]) == ("bob",)


def test_whoever_has_no_name_yet_chooses_it_once(team: Team, window: BrowserContext) -> None:
    tab = opened(window, f"{team.address}decisions/2026/cups/")
    tab.click("text=No objection")
    expect(tab.locator("[data-or-reply] [role=status]")).to_contain_text("Choose your name first")
    tab.select_option("[data-or-reply] select", "bob")
    tab.click("text=No objection")
    tab.click("text=Commit changes")
    tab.wait_for_function("document.title === 'Saved'")
    again = opened(window, f"{team.address}decisions/2026/cups/")
    assert again.input_value("[data-or-reply] select") == "bob"
    states = {voice.who: voice.state.value for voice in conversation_of(team.said("cups")).voices}
    assert states == {"carol": "open", "bob": "no objection"}


def test_an_answer_names_what_it_answers(team: Team, window: BrowserContext) -> None:
    tab = opened(window, f"{team.address}decisions/2026/cups/?me=alice")
    tab.click('a:visible:has-text("Answer @carol")')  # the head shows what this reader may do
    tab.fill("textarea", tab.input_value("textarea") + "Blue.\n")
    tab.click("text=Commit changes")
    tab.wait_for_function("document.title === 'Saved'")
    first = conversation_of(team.said("cups")).voices[0]
    assert [(one.who, one.text) for one in first.answers] == [("alice", "Blue.")]


def test_a_handoff_is_accepted_by_a_file_of_the_receivers(
    team: Team, window: BrowserContext
) -> None:
    page = "playbooks/support-lead/handoffs/2026-11-01-carol-to-bob/"
    tab = opened(window, f"{team.address}{page}?me=bob")
    tab.click("text=Read and accept")
    tab.fill("textarea", tab.input_value("textarea") + "Support is mine from today.\n")
    tab.click("text=Commit changes")
    tab.wait_for_function("document.title === 'Saved'")
    library = read_library(team.base.root)
    (handoff,) = [h for h in library.handoffs if h.path.startswith(page.rstrip("/"))]
    assert handoff.read_back == "Support is mine from today."


def test_without_scripts_a_placeholder_is_refused_in_clear_words(
    team: Team, borrow: Callable[..., BrowserContext]
) -> None:
    tab = borrow(java_script_enabled=False).new_page()
    tab.goto(f"{team.address}decisions/2026/tea/")
    expect(tab.locator(".or-reply__as")).to_contain_text("your-handle")
    tab.click("text=I know it")
    path, text = tab.input_value("input"), tab.input_value("textarea")
    assert path == "decisions/2026/tea/2026-10-10-your-handle.md"
    team.base.write(path, text)
    library = read_library(team.base.root)
    said = [f.message for f in library.findings if f.path == path]
    (team.base.root / path).unlink()
    assert said == ["“your-handle” is still there instead of your own handle"]
