"""The one door: what a run asks of a knowledge base, and that each part is read when asked for."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from onrecord.overview.knowledge_base import KnowledgeBase

LEFT = "---\ntitle: Lead\nholder: ana\npurpose: Pay.\n---\n"
PEOPLE = "ana: {active: false}\n"


def test_its_findings_are_those_of_reading_of_relations_and_of_the_day(tmp_path: Path) -> None:
    for path, text in {
        "decisions/a.md": "---\ntitle: A\nstage: asses\n---\n",
        "decisions/b.md": "---\ntitle: B\nstage: assess\nrelated: [c]\n---\n",
        "playbooks/lead/index.md": LEFT,
        "playbooks/people.yml": PEOPLE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    base = KnowledgeBase.open(tmp_path, date(2026, 10, 6))
    found = [(one.path, one.code) for one in base.findings]
    assert found == [
        ("decisions/a.md", "word-unknown"),
        ("decisions/b.md", "reference-nowhere"),
        ("playbooks/lead/index.md", "person-left"),
    ]


def test_what_ranks_is_loaded_only_to_rank(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from onrecord.overview.knowledge_base import KnowledgeBase\n"
        "KnowledgeBase.open(Path(sys.argv[1]), date(2026, 10, 6)).findings\n"
        "print('numpy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True)
    assert ran.stdout == "False\n", ran.stderr
