"""An export is built without our hooks, so its Markdown itself must be harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import PLAIN, TODAY, Base, build_folder
from click.testing import CliRunner
from hostile import TEXTS, harm_in
from selectolax.lexbor import LexborHTMLParser
from test_one_door import FRONT

from onrecord.cli import main


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    base = Base(root / "base")
    base.configure(
        {
            **PLAIN,
            "theme": {"name": "material", "font": False},
            "markdown_extensions": ["admonition", "attr_list", "footnotes", "pymdownx.superfences"],
        }
    )
    base.write("playbooks/it-lead/index.md", "---\ntitle: IT\npurpose: P.\nholder: bob\n---\n")
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>"
    for name, text in TEXTS.items():
        base.write(f"decisions/2026/{name}.md", f"---\n{FRONT}\n---\n\n{text}")
        front = "title: '<img src=x onerror=pwned>'\ndescription: '\"><script>pwned</script>'"
        base.write(f"docs/{name}.md", f"---\n{front}\n---\n\n{text}")
        base.write(f"docs/bare/{name}.md", text)
    base.write("docs/told.md", "title: <img src=x onerror=pwned>\n\n# Told\n")
    for folder in ("docs", "decisions/2026"):
        base.write(f"{folder}/plan.svg", svg)
    base.write("docs/page.html", "<script>pwned()</script>")
    words = ["--root", str(base.root), "--today", TODAY, "export", str(root / "out")]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return root / "out"


def test_a_plain_site_of_it_holds_nothing_that_acts(exported: Path) -> None:
    site = build_folder(exported, exported / "site", TODAY)
    for page in site.pages():
        assert list(harm_in(page.source)) == [], page.url
        tree = LexborHTMLParser(page.source)
        ids = [node.attributes["id"] or "" for node in tree.css("[id]")]
        for one in ("__config", "__drawer", "__search"):
            assert ids.count(one) == 1, (page.url, one)
        for node in tree.css("article *"):
            classes = node.attributes.get("class") or ""
            assert "md-consent" not in classes
            assert "md-dialog" not in classes
            assert "<" not in (node.attributes.get("title") or "")
            if node.tag in ("video", "audio", "source"):
                assert "other.example" not in str(node.attributes)


def test_drawings_are_cleaned_and_pages_of_html_left_out(exported: Path) -> None:
    for folder in ("docs", "docs/decisions/2026"):
        assert "pwned" not in (exported / folder / "plan.svg").read_text()
    assert not (exported / "docs/page.html").exists()
