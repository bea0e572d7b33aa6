"""Which pages load what draws diagrams, and in which sites it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from building import PLAIN, Base

FENCE = "```mermaid\nflowchart LR\n  A --> B\n```\n"
DECISION = "---\ntitle: {}\nstage: assess\nowner: ana\n---\n\n## Problem\n\n{}\n"
SCRIPT = 'src="../../assets/onrecord-diagrams/diagrams.js"'
SUPERFENCES: dict[str, Any] = {
    **PLAIN,
    "markdown_extensions": ["pymdownx.highlight", "pymdownx.superfences"],
}


def test_a_diagram_by_any_marks_is_code_that_the_page_draws(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.configure(SUPERFENCES)
    base.write("decisions/fence.md", DECISION.format("Fence", FENCE))
    raw = '<pre class="mermaid">\nflowchart LR\n</pre>'
    base.write("decisions/raw.md", DECISION.format("Raw", raw))
    base.write("decisions/sly.md", DECISION.format("Sly", '<pre class="x mermaid">A</pre>'))
    base.write("decisions/none.md", DECISION.format("None", "Words about mermaid."))
    base.write("docs/page.md", f"# Page\n\n{FENCE}")
    site = base.build()
    for page in (site.decision("fence"), site.decision("raw"), site.page("page/")):
        assert page.has("pre.language-mermaid"), page.url
        assert "assets/onrecord-diagrams/diagrams.js" in page.source
        assert "frame-src 'self'" in page.source
    assert "flowchart LR\n  A --> B" in site.decision("fence").content.text()
    for page in (site.decision("sly"), site.decision("none")):
        assert SCRIPT not in page.source
        assert not page.has(".mermaid")  # the theme would load a script of another host for it
    licence = site.folder / "assets/onrecord-diagrams/mermaid.LICENSE.txt"
    assert "MIT License" in licence.read_text(encoding="utf-8")
    assert site.dead_links() == []


def test_a_site_without_a_diagram_has_none_of_its_files(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.configure(SUPERFENCES)
    base.write("decisions/none.md", DECISION.format("None", "```python\nmermaid()\n```"))
    site = base.build()
    assert not site.has("assets/onrecord-diagrams")
    assert "frame-src 'none'" in site.decision("none").source


def test_markdowns_own_fences_do_as_well(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.configure({**PLAIN, "markdown_extensions": ["fenced_code"]})
    base.write("decisions/fence.md", DECISION.format("Fence", FENCE))
    assert SCRIPT in base.build().decision("fence").source


def test_who_brings_a_script_of_their_own_draws_in_their_own_way(tmp_path: Path) -> None:
    base = Base(tmp_path)
    own = {"name": "mermaid", "class": "mermaid"}
    fences = {"pymdownx.superfences": {"custom_fences": [own]}}
    scripts = {"extra_javascript": ["js/mermaid.min.js"], "markdown_extensions": [fences]}
    base.configure({**PLAIN, **scripts})
    base.write("docs/js/mermaid.min.js", "")
    base.write("decisions/fence.md", DECISION.format("Fence", FENCE))
    site = base.build()
    assert site.decision("fence").has(".mermaid")
    assert not site.has("assets/onrecord-diagrams")
