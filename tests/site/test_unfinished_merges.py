"""Both sides of a merge that wasn't finished are on no page and in no file of the site."""

from __future__ import annotations

from pathlib import Path

from building import Base

BOTH = "<<<<<<< HEAD\nthe secret of one side\n=======\nthe secret of the other\n>>>>>>> other\n"
DECISION = f"---\ntitle: Tea\nstage: assess\n---\n\n## Problem\n\n{BOTH}"
METRIC = "---\ntitle: M\ncadence: weekly\n---\n"


def test_nothing_of_it_is_published(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.write("decisions/2026/tea.md", DECISION)
    base.write("docs/index.md", "# Home\n")
    base.write("docs/page.md", f"# Page\n\n{BOTH}")
    base.write("playbooks/lead/index.md", "---\ntitle: L\npurpose: P\nholder: ana\n---\n")
    base.write("playbooks/lead/metrics/m.md", METRIC)
    base.write("playbooks/lead/metrics/m.csv", f"date,value,note\n{BOTH}")
    site = base.build()
    held = [
        path.relative_to(site.folder).as_posix()
        for path in site.folder.rglob("*")
        if path.is_file() and b"the secret" in path.read_bytes()
    ]
    assert held == []
    assert "a merge wasn't finished: lines 8 to 12" in site.decision("2026/tea").words
