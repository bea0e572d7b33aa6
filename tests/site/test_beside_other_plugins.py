"""A small base builds strictly beside each plugin of docs/reference/plugins.md; both work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from building import ROOT, Base, Site
from mkdocs.exceptions import Abort
from PIL import ImageFont
from serving import Quiet, serving

DECISION = "decisions/2026/tea.md"
TEA = """---
title: We drink tea
stage: assess
owner: lead
due: 2026-12-20
entered:
  assess: 2026-10-01
tags: [kitchen]
---

## Problem

Coffee costs {{ 6 * 7 }} euros, and `{% raw %}` stays as it is typed.

{% include "../../secret.txt" %}

[[guide]] and [the guide](../../docs/guide.md).

![a cup](cup.png)
"""
ROLE = """---
title: Lead
purpose: Everyone has something to drink.
holder: ana
---

## Start here today

Read [the guide](../../docs/guide.md).
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360f8"
    "cf000000030101002747b64e0000000049454e44ae426082"
)
MATERIAL: Mapping[str, Any] = {
    "site_name": "Kitchen",
    "site_url": "https://kitchen.example/",
    "theme": {"name": "material", "font": False},
    "markdown_extensions": ["attr_list", "md_in_html"],
    "hooks": ["hooks/mkdocs_events.py"],
    "validation": {"nav": {"omitted_files": "info"}, "links": {"anchors": "warn"}},
    "nav": [{"Home": "index.md"}, {"Decisions": "decisions/index.md"}, {"Guide": "guide.md"}],
}


@dataclass
class Case:
    """What mkdocs.yml says beside the usual, what is in the folder, and what must then hold."""

    plugins: list[Any]
    holds: Callable[[Site], object]
    options: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    search: bool = False


def _head(site: Site, url: str) -> str:
    return site.page(url).source.partition("</head>")[0]


def _names_days(site: Site) -> None:
    for page in (site.page("guide/"), site.decision("2026/tea"), site.page("playbooks/lead/")):
        assert page.has(".md-source-file__fact"), page.url
    # Of a page that the site makes, git knows no day; asked for one, the plugin may warn.
    assert not site.page("decisions/").has(".md-source-file__fact")


def _names_authors(site: Site) -> None:
    for page in (site.page("guide/"), site.decision("2026/tea")):
        assert page.has('.md-source-file__fact [href="mailto:ana@kitchen.example"]'), page.url


def _has_news(site: Site) -> None:
    feed = (site.folder / "feed_rss_created.xml").read_text(encoding="utf-8")
    assert "<title>We drink tea</title>" in feed
    assert "<title>Decisions</title>" not in feed  # a list is no news


def _leaves_text(site: Site) -> None:
    assert "{{ 6 * 7 }} euros, and {% raw %} stays" in site.decision("2026/tea").words
    assert "six times seven is 42" in site.page("made/").words


def _reads_no_file(site: Site) -> None:
    assert "included here" in site.page("made/").words
    assert not [p.url for p in site.pages() if "the secret of the machine" in p.source]


def _orders_nav(site: Site) -> None:
    nav = site.page("guide/").tree.css(".md-nav--primary > ul > li > a .md-ellipsis")
    names = [node.text(strip=True) for node in nav]
    assert names[0] in ("Guide", "How tea is made")
    assert names[1:3] == ["Decisions", "Start"]


def _prints_all(site: Site) -> None:
    page = site.page("print_page/")
    assert "We drink tea" in page.words
    assert "How tea is made" in page.words


def _finds_names(site: Site) -> None:
    assert site.page("made/").link("tea") == "guide/"
    assert site.decision("2026/tea").link("the guide") == "guide/"


def _pages_of_search(site: Site) -> str:
    """All that the index of the search says, which Pagefind packs."""
    import gzip

    texts = [
        gzip.decompress(f.read_bytes()) for f in (site.folder / "pagefind").rglob("*.pf_fragment")
    ]
    return b"\n".join(texts).decode("utf-8", "replace")


def _searches_without(words: str, site: Site) -> None:
    found = _pages_of_search(site)
    assert "We drink tea" in found
    assert words not in found


def _keeps_secret(site: Site) -> None:
    open_text = [
        file.relative_to(site.folder).as_posix()
        for file in site.folder.rglob("*")
        if file.is_file() and b"the safe is green" in file.read_bytes()
    ]
    assert open_text == []
    _searches_without("the safe is green", site)


def _leads_on(site: Site) -> None:
    assert 'url=../decisions/2026/tea/"' in site.page("old-tea/").source
    assert 'url=../decisions/"' in site.page("old-list/").source


def _has_second_base(site: Site) -> None:
    assert site.has("second/index.html")
    assert site.has("decisions/2026/tea/index.html")


def _enlarges(site: Site) -> None:
    assert site.page("made/").has("a.glightbox img")
    assert site.decision("2026/tea").has("a.glightbox img")


def _has_cards(site: Site) -> None:
    assert site.has("assets/images/social/decisions/2026/tea.png")
    assert _head(site, "decisions/2026/tea/").count('property="og:title"') == 1
    assert not site.has("assets/onrecord/pictures"), "a page has one card, and it is the plugin's"


def _reads_from_disk(site: Site) -> None:
    assert site.has("decisions/2026/tea.html")
    assert not [link for link in site.dead_links() if "print" not in link]


def _is_small(site: Site) -> None:
    assert "\n\n" not in site.decision("2026/tea").source
    assert site.decision("2026/tea").words.count("Coffee costs") == 1


def _fetches(site: Site) -> None:
    assert list((site.folder / "assets/external").rglob("far.css"))
    assert 'href="http://127' not in _head(site, "decisions/2026/tea/")


def _has_tags(site: Site) -> None:
    assert site.page("tags/").link("Guide") == "guide/"


def _has_meta(site: Site) -> None:
    assert 'content="All about tea"' in _head(site, "folder/page/")


def _has_post(site: Site) -> None:
    assert site.has("blog/2026/01/02/first/index.html")


def _has_languages(site: Site) -> None:
    german, english, record = site.page("de/guide/"), site.page("guide/"), site.decision("2026/tea")
    assert german.link("Tee") == english.link("tea") == "decisions/2026/tea/"
    assert record.link("the guide") == "guide/"
    assert "Nothing is stuck" in site.page("de/").words
    assert not site.has("de/decisions")
    assert site.has("assets/onrecord/pictures/decisions/2026/tea.png")
    known = (site.folder / "assets/onrecord/search/build.json").read_text()
    assert (
        json.loads(known)["build"]
        == json.loads((site.folder / "pagefind/build.json").read_text())["build"]
    )
    assert "Wie Tee gemacht wird" in _pages_of_search(site)
    assert '"url":"/de/"' not in _pages_of_search(site)  # not translated, so it is there once
    listed = re.findall(r"<loc>([^<]*)</loc>", (site.folder / "sitemap.xml").read_text())
    assert len(listed) == len(set(listed))
    for url in ("decisions/2026/tea/", "decisions/", "guide/", "de/guide/"):
        assert [one for one in listed if one.endswith(f"/{url}")]


def _has(path: str, site: Site) -> None:
    assert site.has(path)
    assert site.has(f"{DECISION.removesuffix('.md')}/index.html")


LANGUAGES = [
    {"locale": "en", "default": True, "name": "English", "build": True},
    {"locale": "de", "name": "Deutsch", "build": True},
]
NO_NAV = {"nav": None}
FAR = "body { color: black }"

CASES: Mapping[str, Case] = {
    "mkdocs-git-revision-date-localized-plugin": Case(
        [{"git-revision-date-localized": {"enable_creation_date": True}}], _names_days
    ),
    "mkdocs-git-authors-plugin": Case(["git-authors"], _names_authors),
    "mkdocs-static-i18n": Case(
        [{"search": {}}, {"i18n": {"docs_structure": "suffix", "languages": LANGUAGES}}],
        _has_languages,
        {"extra": {"onrecord": {"pictures": True}}},
        files={"docs/guide.de.md": "# Wie Tee gemacht wird\n\n[Tee](../decisions/2026/tea.md)\n"},
        search=True,
    ),
    "mkdocs-rss-plugin": Case(["rss"], _has_news),
    "mkdocs-macros-plugin": Case(
        ["macros"], _leaves_text, files={"docs/made.md": "# M\n\nsix times seven is {{ 6 * 7 }}\n"}
    ),
    "mkdocs-include-markdown-plugin": Case(
        ["include-markdown"],
        _reads_no_file,
        files={
            "docs/made.md": '# M\n\n{% include "part.txt" %}\n',
            "docs/part.txt": "included here",
            "secret.txt": "the secret of the machine",
        },
    ),
    "mkdocs-awesome-nav": Case(
        ["awesome-nav"],
        _orders_nav,
        NO_NAV,
        {"docs/.nav.yml": "nav:\n- guide.md\n- Decisions: decisions/index.md\n- Start: index.md\n"},
    ),
    "mkdocs-literate-nav": Case(
        ["literate-nav"],
        _orders_nav,
        NO_NAV,
        {
            "docs/SUMMARY.md": "- [Guide](guide.md)\n- [Decisions](decisions/index.md)\n"
            "- [Start](index.md)\n"
        },
    ),
    "mkdocs-section-index": Case(["section-index"], partial(_has, "guide/index.html")),
    "mkdocs-print-site-plugin": Case(["print-site"], _prints_all),
    "mkdocs-ezlinks-plugin": Case(
        ["ezlinks"], _finds_names, files={"docs/made.md": "# M\n\n[[guide|tea]]\n"}
    ),
    "mkdocs-exclude-search": Case(
        ["search", {"exclude-search": {"exclude": ["made.md"]}}],
        partial(_searches_without, "left out of it"),
        files={"docs/made.md": "# M\n\nleft out of it\n"},
        search=True,
    ),
    "mkdocs-encryptcontent-plugin": Case(
        ["search", {"encryptcontent": {"threshold_warning_min_entropy": 0}}],
        _keeps_secret,
        {"extra": {"onrecord": {"csp": False}}},
        {"docs/made.md": "---\npassword: a long word of letters\n---\n# M\n\nthe safe is green\n"},
        search=True,
    ),
    "mkdocs-redirects": Case(
        [
            {
                "redirects": {
                    "redirect_maps": {"old-tea.md": DECISION, "old-list.md": "decisions/index.md"}
                }
            }
        ],
        _leads_on,
    ),
    "mkdocs-monorepo-plugin": Case(
        ["monorepo"],
        _has_second_base,
        {"nav": [*MATERIAL["nav"], {"Second": "!include ./second/mkdocs.yml"}]},
        {
            "second/mkdocs.yml": "site_name: second\nnav:\n- Home: index.md\n",
            "second/docs/index.md": "# Second\n",
        },
    ),
    "mkdocs-glightbox": Case(
        ["glightbox"], _enlarges, files={"docs/made.md": "# M\n\n![c](c.png)\n", "docs/c.png": PNG}
    ),
    "mkdocs-minify-plugin": Case([{"minify": {"minify_html": True}}], _is_small),
    "mkdocs-exclude": Case(
        [{"exclude": {"glob": ["made.md"]}}],
        partial(_has, "guide/index.html"),
        files={"docs/made.md": "# M\n"},
    ),
    "mkdocs-gen-files": Case(
        [{"gen-files": {"scripts": ["gen.py"]}}],
        partial(_has, "gen/index.html"),
        files={
            "gen.py": "import mkdocs_gen_files\n"
            "with mkdocs_gen_files.open('gen.md', 'w') as file:\n"
            "    file.write('# G\\n\\n[tea](../decisions/2026/tea.md)\\n')\n"
        },
    ),
    "material/social": Case(["social"], _has_cards, {"extra": {"onrecord": {"pictures": True}}}),
    "material/offline": Case(["offline"], _reads_from_disk),
    "material/privacy": Case(
        [{"privacy": {"assets_exclude": ["unpkg.com/*"]}}], _fetches, {"extra_css": ["FAR/far.css"]}
    ),
    "material/tags": Case(
        ["tags"], _has_tags, files={"docs/tags.md": "# Tags\n\n<!-- material/tags -->\n"}
    ),
    "material/meta": Case(
        ["meta"],
        _has_meta,
        files={
            "docs/folder/.meta.yml": "description: All about tea\n",
            "docs/folder/page.md": "# P\n",
        },
    ),
    "material/blog": Case(
        ["blog"],
        _has_post,
        files={
            "docs/blog/index.md": "# Blog\n",
            "docs/blog/posts/first.md": "---\ndate: 2026-01-02\n---\n\n# First\n\nText.\n",
        },
    ),
    "material/group": Case([{"group": {"plugins": ["tags"]}}], partial(_has, "guide/index.html")),
    "material/typeset": Case(["typeset"], partial(_has, "guide/index.html")),
}


def _base(root: Path, case: Case) -> Base:
    base = Base(root)
    base.write("docs/index.md", "# Home\n")
    base.write(
        "docs/guide.md",
        "---\ntags: [tea]\n---\n# How tea is made\n\n[tea](../decisions/2026/tea.md)\n",
    )
    base.write(DECISION, TEA)
    base.write("decisions/2026/cup.png", PNG)
    base.write("playbooks/lead/index.md", ROLE)
    for path, text in case.files.items():
        base.write(path, text)
    extra = {"onrecord": {"search": case.search}}
    base.configure({**MATERIAL, "extra": extra, **case.options, "plugins": case.plugins})
    return base


def _git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@kitchen.example"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another host, from which a site loads a style sheet."""
    folder = tmp_path_factory.mktemp("far")
    (folder / "far.css").write_text(FAR)

    class Files(Quiet, SimpleHTTPRequestHandler):
        """Serves what is in a folder."""

    with serving(partial(Files, directory=str(folder))) as address:
        yield address


@pytest.mark.parametrize("name", CASES)
def test_builds_beside(
    name: str, tmp_path: Path, far: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    base = _base(tmp_path, case)
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("FAR", far))
    if name == "material/social":  # a font in the place of the one it would fetch
        fonts = tmp_path / ".cache/plugin/social/fonts/Roboto"
        fonts.mkdir(parents=True)
        held = ImageFont.load_default(20).path
        assert isinstance(held, BytesIO)
        for style in ("Regular", "Bold"):
            (fonts / f"{style}.ttf").write_bytes(held.getvalue())
    _git(tmp_path, "init", "-q", "-b", "main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "All")
    monkeypatch.chdir(tmp_path)
    site = base.build(strict=True)
    assert site.warnings == []
    case.holds(site)


def test_each_plugin_of_the_page_has_a_case() -> None:
    page = (ROOT / "docs/reference/plugins.md").read_text(encoding="utf-8")
    table = page.partition("## These work")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert named == [*CASES, "mike"]


def test_mike_publishes_two_versions(tmp_path: Path) -> None:
    _base(tmp_path, Case(["mike"], partial(_has, "guide/index.html")))
    _git(tmp_path, "init", "-q", "-b", "main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "All")
    for name, value in (("user.name", "Ana"), ("user.email", "ana@kitchen.example")):
        _git(tmp_path, "config", name, value)
    # It calls `mkdocs` by name, which is on no path where the environment isn't active.
    tools = Path(sys.executable).parent
    known = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    for version in ("1.0", "2.0"):
        subprocess.run(
            [tools / "mike", "deploy", version],
            cwd=tmp_path,
            env=known,
            check=True,
            capture_output=True,
        )
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "gh-pages"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert {"1.0/decisions/2026/tea/index.html", "2.0/decisions/2026/tea/index.html"} <= {*listed}


def test_a_password_for_the_whole_site_is_refused_in_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    case = Case([{"encryptcontent": {"global_password": "a long word of letters"}}], _has_tags)
    with pytest.raises(Abort):
        _base(tmp_path, case).build()
    assert "records.json, which say the same" in caplog.text
    assert not (tmp_path / "site/records.json").exists()


def test_a_part_of_a_page_that_the_search_cannot_leave_out_is_said(tmp_path: Path) -> None:
    case = Case(
        ["search", {"exclude-search": {"exclude": ["guide.md#part"]}}], _has_tags, search=True
    )
    site = _base(tmp_path, case).build()
    assert ["guide.md#part" in one for one in site.warnings] == [True]
