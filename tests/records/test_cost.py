"""What a text costs is judged by the text alone: what people write passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.records.findings import Finding
from onrecord.records.reading import folder, read_library
from onrecord.records.reading.cost import faults_of_cost

ROOT = Path(__file__).parents[2]
TOO_MUCH = {
    "brackets": "[" * 4_000,
    "pictures": "![" * 4_000,
    "links": "[a](" * 2_000,
    "references": "[a][" * 3_000,
    "brackets within each other": "[" * 3_000 + "]" * 3_000,
    "tags": "<a " * 3_000,
    "tags over empty lines": "<a\n\n" * 3_000,
    "comments": "<!-- " * 3_000,
    "marked sections": "<![CDATA[" * 2_000,
    "backticks": "``a`" * 2_000,
    "headings": "# a\n" * 3_000,
    "headings with empty lines": "# a\n\n" * 3_000,
    "underlined headings": "a\n=\n" * 2_500,
    "rules": "***\n" * 3_000,
    "numbers": "1. " * 60,
    "quotes": "> " * 60,
    "quotes without spaces": ">" * 60,
    "items": "- " * 60,
    "indented items": "".join("    " * level + "- a\n" for level in range(120)),
    "table": "|" * 600 + "\n" + "|-" * 600 + "\n" + "|\n" * 60,
    "footnotes": "[^a]: b\n\n" + "[^a] " * 3_000,
    "braces": "# {: " * 3_000,
    "code": "```\na\n```\n\n" * 2_000,
    "words": "word " * 200_000,
    "emphasis": "*a* **b** " * 60_000,
}
FINE = {
    "a long list": "- [a](b.md), `c` and *d*\n" * 1_000,
    "a long table": "| a | b |\n| --- | --- |\n" + "| `c` | [d](e.md) |\n" * 400,
    "a log": "```text\n" + "[12:03:44] <main> {a: 1} `x`\n" * 400 + "```\n",
    "headings": "".join(f"## Part {number}\n\nText.\n\n" for number in range(500)),
    "rows of signs": f"{'-' * 300}\n\n{'=' * 300}\n\n{'#' * 300}\n\n{'*' * 300}\n",
    "code that is deep": "```\n" + " " * 200 + "x = [\n```\n",
    "prose": "It is what it is [1], and a < b where `x`. " * 500,
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=list(TOO_MUCH))
def test_what_would_stop_a_site_is_one_finding(text: str) -> None:
    (found,) = faults_of_cost("decisions/a.md", f"Fine.\n\n{text}\n", 7)
    assert found.code == "text-too-complex"
    assert 7 <= found.line <= 9 + text.count("\n")


@pytest.mark.parametrize("text", FINE.values(), ids=list(FINE))
def test_what_a_person_writes_is_none(text: str) -> None:
    assert faults_of_cost("decisions/a.md", text, 1) == []


def test_our_own_texts_are_none() -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("d*/**/*.md"))]
    assert len(texts) > 50
    assert [fault for text in texts for fault in faults_of_cost("a.md", text, 1)] == []


@pytest.mark.parametrize(
    "error", [ValueError("day is out of range"), RecursionError(), MemoryError(), KeyError("x\n")]
)
def test_a_file_on_which_reading_fails_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    files = {
        "decisions/bad.md": "---\ntitle: B\n---\nIts text, with BAD in it.\n",
        "decisions/good.md": "---\ntitle: Good\nstage: assess\n---\n",
        "playbooks/people.yml": "BAD:\n",
        "playbooks/lead/index.md": "---\ntitle: L BAD\n---\n",
        "playbooks/lead/handoffs/h.md": "BAD",
        "playbooks/lead/metrics/m.md": "BAD",
        "playbooks/lead/metrics/n.md": "---\ntitle: N\ncadence: weekly\n---\n",
        "playbooks/lead/metrics/n.csv": "date,value,note\nBAD\n",
        "playbooks/misplaced.md": "BAD",
        "docs/page.md": "BAD",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    def failing(name: str) -> None:
        really = getattr(folder, name)

        def read(path: str, text: str) -> object:
            if "BAD" in text:
                raise error
            return really(path, text)

        monkeypatch.setattr(folder, name, read)

    for name in ("decision_of", "role_of", "handoff_of", "metric_of", "people_of", "values_of"):
        failing(name)
    failing("page_of")
    library = read_library(tmp_path)
    unread = [fault for fault in library.findings if fault.code == "file-unread"]
    assert {fault.path for fault in unread} == {p for p, text in files.items() if "BAD" in text}
    assert all(isinstance(fault, Finding) and fault.message.isprintable() for fault in unread)
    assert library.decision["bad"].body.text == files["decisions/bad.md"]
    assert library.decision["good"].title == "Good"
    assert library.shown_plain.keys() == {p for p in library.by_path if "BAD" in files[p]}
