"""Files that a forge, a container or Renovate reads: each is what its reader takes."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))
KINDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def test_there_is_a_form_for_a_fault_and_for_a_wish() -> None:
    assert [form.stem for form in FORMS] == ["fault", "wish"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_shows(path: Path) -> None:
    form = yaml.safe_load(path.read_text())
    assert form.keys() == {"name", "description", "labels", "body"}
    assert all(isinstance(label, str) for label in form["labels"])
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert asked  # a form of text alone is refused
    ids = [part["id"] for part in asked]
    labels = [part["attributes"]["label"] for part in asked]
    assert len({*ids}) == len(ids)
    assert len({*labels}) == len(labels)
    for part in form["body"]:
        assert part["type"] in KINDS
        assert part.keys() <= {"type", "id", "attributes", "validations"}
        if part["type"] == "markdown":
            assert part["attributes"].keys() == {"value"}
            continue
        assert re.fullmatch(r"[A-Za-z0-9_-]+", part["id"])
        assert part["attributes"].keys() <= {"label", "description", "placeholder", "value"}
        assert set(part.get("validations", {}).values()) <= {True, False}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_gitlab_asks_the_same_as_a_form_of_github(path: Path) -> None:
    form = yaml.safe_load(path.read_text())
    text = (ROOT / f".gitlab/issue_templates/{form['name']}.md").read_text()
    asked = [part["attributes"] for part in form["body"] if part["type"] != "markdown"]
    assert re.findall(r"(?m)^\*\*(.+)\*\*", text) == [one["label"] for one in asked]
    told = [part["attributes"]["value"] for part in form["body"] if part["type"] == "markdown"]
    hidden = [*told, *(one["description"] for one in asked if "description" in one)]
    assert re.findall("<!-- (.+) -->", text) == hidden
    assert text.endswith(f"\n/label ~{form['labels'][0]}\n")


def test_a_person_can_always_write_without_a_form() -> None:
    config = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/config.yml").read_text())
    assert config == {"blank_issues_enabled": True}


def test_renovate_sees_the_actions_of_a_new_base_too() -> None:
    settings = json.loads((ROOT / "renovate.json").read_text())
    patterns = settings["github-actions"]["managerFilePatterns"]
    paths = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("hooks/onrecord/drafting/starter/dot-github/workflows/*.yml")
    ]
    assert paths
    assert [p for p in paths if not any(re.search(one.strip("/"), p) for one in patterns)] == []
    named = {m for rule in settings["packageRules"] for m in rule["matchManagers"]}
    assert named <= {*settings["enabledManagers"]}


def test_the_container_installs_what_the_lock_pins_and_may_change_nothing() -> None:
    lines = (ROOT / "Containerfile").read_text().replace("\\\n", " ").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    for word, *rest in words:
        if word == "COPY":
            assert [path for path in rest[:-1] if not (ROOT / path).exists()] == []
    installs = [" ".join(rest) for word, *rest in words if word == "RUN" and "pip" in rest]
    assert [re.search("--require-hashes|--no-deps", line) is None for line in installs] == [
        False,
        False,
    ]
    assert ["USER", "nobody"] in words
    assert words[-1] == ["ENTRYPOINT", '["onrecord"]']


def test_what_a_release_needs_is_in_the_sdist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert [path for path in included if not (ROOT / path).exists()] == []
    assert {"Containerfile", "action.yml", "renovate.json", "templates"} <= {*included}
