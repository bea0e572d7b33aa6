"""A text that can't be laid out costs its own page the layout, and no other page anything."""

from __future__ import annotations

import pytest
from building import PLAIN, Base, Site

SLOW = "# Slow\n\nIts first words, <b>raw</b>.\n\n" + "[" * 8_000 + "\n"
FRONT = "---\ntitle: Slow\nstage: assess\n---\n"
FAILING = """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor


class Failing(Preprocessor):
    def run(self, lines):
        if any("FAILS HERE" in line for line in lines):
            raise RecursionError("too deep")
        return lines


class FailingExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Failing(md), "failing", 1)


def on_config(config):
    config.markdown_extensions.append(FailingExtension())
    return config
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("plain"))
    base.write("hooks/failing.py", FAILING)
    base.configure({**PLAIN, "hooks": ["hooks/mkdocs_events.py", "hooks/failing.py"]})
    base.write("decisions/slow.md", FRONT + SLOW)
    base.write("decisions/fails.md", f"{FRONT}Words that FAILS HERE and <script>x()</script>.\n")
    base.write("decisions/fine.md", "---\ntitle: Fine\nstage: assess\n---\nIt is *fine*.\n")
    base.write("docs/index.md", "# Home\n")
    base.write("docs/slow.md", SLOW)
    base.write("docs/fails.md", "FAILS HERE and <script>x()</script>\n")
    return base.build()


@pytest.mark.parametrize("url", ["decisions/slow/", "slow/"])
def test_a_text_that_is_too_much_is_shown_as_written(site: Site, url: str) -> None:
    page = site.page(url)
    assert "Its first words, <b>raw</b>." in page.text(".admonition.warning + pre")
    assert "text" in page.text(".admonition.warning:not(.or-notice)")
    assert "brackets that are never closed" in page.text(".admonition.warning:not(.or-notice)")


@pytest.mark.parametrize("url", ["decisions/fails/", "fails/"])
def test_a_text_on_which_markdown_fails_is_shown_as_written(site: Site, url: str) -> None:
    page = site.page(url)
    assert "FAILS HERE" in page.text(".admonition.warning + pre")
    assert "RecursionError: too deep" in page.text(".admonition.warning:not(.or-notice)")
    assert "<script>x()</script>" in page.text(".admonition.warning + pre")


def test_the_other_pages_are_as_ever(site: Site) -> None:
    assert site.decision("fine").texts("em") == ["fine"]
    assert site.decision("slow").text("h1") == "Slow"


def test_the_build_names_each_file(site: Site) -> None:
    named = {one.split(":")[1].strip() for one in site.warnings if "shown as plain text" in one}
    assert named == {
        "decisions/slow.md",
        "decisions/fails.md",
        "docs/slow.md",
        "docs/fails.md",
    }
