"""A knowledge base begun in another language: clean, and its headings meet the gates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.drafting.translated import known_language, table_of
from onrecord.records.languages import languages, section_title
from onrecord.records.reading import read_library
from onrecord.records.shapes import DECISION, HANDOFF, ROLE

OTHERS = [code for code in languages() if code != "en"]
SHAPES = (DECISION, ROLE, HANDOFF)


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture(params=OTHERS)
def begun(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    root = tmp_path / "base"
    result = CliRunner().invoke(
        main, ["--today", "2026-11-22", "init", str(root), "--language", request.param]
    )
    assert result.exit_code == 0, result.output
    return request.param, root


def test_it_begins_clean_and_without_english_pages(begun: tuple[str, Path]) -> None:
    language, root = begun
    assert run(root, "check").output.startswith("No findings")
    assert f"  language: {language}\n" in (root / "mkdocs.yml").read_text(encoding="utf-8")
    library = read_library(root)
    for record in (*library.decisions, *library.roles):
        assert not re.search(r"\b(?:the|and|what)\b", record.body.text), record.path
    role = library.role["decision-keeper"]
    assert all(role.body.section(title) for title, _ in ROLE.sections)


def test_what_is_written_next_has_its_headings(begun: tuple[str, Path]) -> None:
    language, root = begun
    assert run(root, "new", "decision", "A well", "--owner", "ana").exit_code in (0, 1)
    assert run(root, "new", "role", "well-keeper", "--purpose", "Water.").exit_code == 0
    assert run(root, "new", "handoff", "decision-keeper", "--to", "bob").exit_code == 0
    library = read_library(root)
    made = (library.decision["a-well"], library.role["well-keeper"], library.handoffs[0])
    for record, shape in zip(made, SHAPES, strict=True):
        titles = [section.title for section in record.body.sections]
        assert titles == [section_title(title, language) for title, _ in shape.sections]
        assert all(guide not in record.body.text for _, guide in shape.sections)
    assert run(root, "check").output.startswith("No findings")


def test_the_gate_takes_its_headings(begun: tuple[str, Path]) -> None:
    _, root = begun
    run(root, "new", "decision", "A well", "--owner", "ana", "--consult", "bob")
    file = root / read_library(root).decision["a-well"].path
    text = file.read_text(encoding="utf-8")
    assert run(root, "advance", "a-well").exit_code == 1  # nothing is written yet
    for title in ("Problem", "Proposal", "Alternatives"):
        heading = section_title(title, table_language(root))
        text = text.replace(f"## {heading}\n", f"## {heading}\n\nSaid.\n")
    file.write_text(text, encoding="utf-8")
    result = run(root, "advance", "a-well")
    assert result.exit_code == 0, result.output


def table_language(root: Path) -> str:
    found = re.search(r"^  language: (\w+)", (root / "mkdocs.yml").read_text("utf-8"), re.M)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", OTHERS)
def test_every_section_has_a_guide(language: str) -> None:
    for shape in SHAPES:
        guides = table_of(language)["guides"][shape.kind]
        assert len(guides) == len(shape.sections)


def test_other_spellings_of_a_language_are_known() -> None:
    assert [known_language(x) for x in ("pt-BR", "zh_Hant", "DE", "sv", "")] == [
        "pt",
        "zh",
        "de",
        "en",
        "en",
    ]
