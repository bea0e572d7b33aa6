"""An agent takes a role over like a person, and pages say who stays accountable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import TODAY, Base, Site, words
from click.testing import CliRunner, Result

from onrecord.cli import main

ROLE = "---\ntitle: {title}\npurpose: It runs.\nholder: {holder}\nbackups: [{backups}]\n---\n"


def run(base: Base, *words: str) -> Result:
    words = ("--root", str(base.root), "--today", TODAY, *words)
    return CliRunner().invoke(main, words, catch_exceptions=False)


def with_agents(base: Base) -> Base:
    (base.root / "decisions").mkdir(parents=True, exist_ok=True)
    base.write("playbooks/people.yml", "ana:\n  name: Ana\nrobo:\n  name: Robo\n  agent: true\n")
    base.write("playbooks/nightly/index.md", ROLE.format(title="N", holder="robo", backups="ana"))
    base.write("playbooks/alone/index.md", ROLE.format(title="A", holder="robo", backups=""))
    base.write("playbooks/half/index.md", ROLE.format(title="H", holder="ana", backups="robo"))
    base.write(
        "playbooks/half/handoffs/2026-10-01-ana-to-robo.md",
        "---\nfrom: ana\nto: robo\neffective: 2026-10-01\nuntil: 2026-10-20\n---\n",
    )
    return base


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return with_agents(Base(tmp_path_factory.mktemp("agents"))).build()


@pytest.fixture
def agents(tmp_path: Path) -> Base:
    return with_agents(Base(tmp_path / "base"))


def test_a_roles_page_names_the_person_behind_an_agent(built: Site) -> None:
    page = built.page("playbooks/nightly/")
    assert "@robo (agent) works for this role. @ana stays accountable." in words(page.content)


def test_a_roles_page_says_that_no_person_is_behind_it(built: Site) -> None:
    said = words(built.page("playbooks/alone/").content)
    assert "No person backs it up: name one in backups." in said


def test_an_agent_makes_no_role_coverable(built: Site) -> None:
    said = words(built.page("playbooks/half/").content)
    assert "nobody named in backups is another person who is still here" in said.replace("`", "")


def test_programs_are_told_too(built: Site) -> None:
    roles = {one["id"]: one for one in built.records["records"] if one["kind"] == "role"}
    assert (roles["nightly"]["answers"], roles["nightly"]["person"]) == ("robo", "ana")
    assert (roles["alone"]["answers"], roles["alone"]["person"]) == ("robo", None)
    assert (roles["half"]["answers"], roles["half"]["person"]) == ("ana", "ana")
    people = {one["handle"]: one["agent"] for one in built.records["people"]}
    assert people == {"ana": False, "robo": True}


def test_a_brief_names_the_person_behind_an_agent(agents: Base) -> None:
    said = run(agents, "brief", "nightly").stdout
    assert "- @robo is an agent; @ana stays accountable\n" in said
    assert "- @robo Robo: holds it, an agent\n" in said
    assert json.loads(run(agents, "brief", "alone", "--json").stdout)["person"] is None


def test_an_agent_cant_accept_what_no_person_backs_up(agents: Base) -> None:
    path = agents.root / "playbooks/half/handoffs/2026-10-01-ana-to-robo.md"
    before = path.read_bytes()
    result = run(agents, "accept", "2026-10-01-ana-to-robo", "--own", "All", "--wrong", "-")
    assert (result.exit_code, path.read_bytes()) == (1, before)
    assert "name a person in `backups` of the role" in result.stderr


def test_an_agents_read_back_counts(agents: Base) -> None:
    agents.write("playbooks/half/index.md", ROLE.format(title="H", holder="ana", backups="bo"))
    words = ("2026-10-01-ana-to-robo", "--own", "All", "--wrong", "Much", "--ask", "None")
    result = run(agents, "accept", *words)
    assert result.exit_code == 0, result.output
    found = json.loads(run(agents, "show", "half", "--json").stdout)
    assert (found["answers"], found["person"]) == ("robo", "bo")
    assert f"@robo accepted it with a read-back on {TODAY}" in found["text"]
