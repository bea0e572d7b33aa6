"""The theme's style sheets without what no page of a site uses, and our script for the theme's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from building import Base, Site

from onrecord.site.sheets import Used, lean_sheets, used_in


def lean(css: str, *classes: str, colours: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    [made] = lean_sheets([css], Used(classes=set(classes), colours=set(colours)))
    return made


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{color:red}.b{color:red}", ".a{color:red}"),
        (".a .b,.a>p{color:red}", ".a>p{color:red}"),
        ("p:hover{color:red}#b,[b]{color:red}", "p:hover{color:red}#b,[b]{color:red}"),
        (".a:not(.b){top:0}:is(.b,.c) p{top:0}", ".a:not(.b){top:0}:is(.b,.c) p{top:0}"),
        ("@media print{.b{top:0}}@media print{.a{top:0}}", "@media print{.a{top:0}}"),
        ("@media print{@supports (top:0){.b{top:0}.a{top:0}}}", None),
        ('.a:before{content:".b{}"}', '.a:before{content:".b{}"}'),
        ('.b{background:url("data:;,<a>}.a{")}.a{top:0}', ".a{top:0}"),
        (r".a\:x{top:0}.a{top:0}", ".a{top:0}"),
        ("@keyframes b{from{top:0}}", "@keyframes b{from{top:0}}"),
        ("[data-md-color-primary=red]{top:0}[data-md-color-primary=tan]{top:1px}", ""),
        (":root{--x:1px;--y:var(--x);--z:2px;top:var(--z)}", ":root{--z:2px;top:var(--z)}"),
        ("", ""),
    ],
)
def test_a_selector_goes_when_it_names_what_nothing_has(css: str, kept: str | None) -> None:
    wanted = "@media print{@supports (top:0){.a{top:0}}}" if kept is None else kept
    assert lean(css, "a") == wanted


def test_a_colour_of_the_palette_stays_where_a_page_has_it() -> None:
    css = "[data-md-color-primary=red]{top:0}[data-md-color-primary=tan]{top:1px}"
    assert lean(css, colours={"tan"}) == "[data-md-color-primary=tan]{top:1px}"


def test_sheets_are_one_set_for_custom_properties() -> None:
    sheets = [":root{--x:1px;--y:2px}", "p{top:var( --x, 3px)}"]
    assert lean_sheets(sheets, Used()) == [":root{--x:1px}", sheets[1]]


def test_what_pages_scripts_and_sheets_name_is_used(tmp_path: Path) -> None:
    page = (
        "<p class=\"a b\"><i class='c'><b class=d><p style='top:var(--s)'><script>x('e')</script>"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/x.html").write_text(f"{page}<body data-md-color-scheme=slate>")
    (tmp_path / "x.js").write_text("add(`tag--${name}`, 'f-g', '--p')")
    (tmp_path / "x.css").write_text("p{top:var(--q)}")
    (tmp_path / "no.css").write_text("p{top:var(--r)}")
    used = used_in(tmp_path, ["no."])
    assert all(map(used.has_class, ("a", "b", "c", "d", "e", "f-g", "tag--shop")))
    assert not used.has_class("g")
    assert not used.has_class("tag")
    assert "slate" in used.colours
    assert {"--p", "--q", "--s"} <= used.properties
    assert "--r" not in used.properties


def test_pages_load_the_sheets_that_were_made_lean(northwind: Site) -> None:
    [full] = (northwind.folder / "assets/stylesheets").glob("main.*.min.css")
    for page in ("index.html", "search/index.html", "404.html"):
        html = (northwind.folder / page).read_text(encoding="utf-8")
        assert 'assets/onrecord/theme/main.css"' in html, page
        assert full.name not in html, page
    lean_one = northwind.folder / "assets/onrecord/theme/main.css"
    assert lean_one.stat().st_size < full.stat().st_size * 0.7


@pytest.mark.parametrize(
    "options", [{"extra_javascript": ["https://example.org/a.js"]}, {"theme": "mkdocs"}]
)
def test_what_cant_be_known_is_left_whole(tmp_path: Path, options: dict[str, Any]) -> None:
    base = Base(tmp_path)
    base.write("docs/index.md", "# Home\n")
    base.write("decisions/2026/a.md", "---\ntitle: A\nstage: assess\n---\n\n## Problem\n\nB.\n")
    site = base.build(**options).folder
    assert "assets/onrecord/theme/" not in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "assets/onrecord/theme").exists()


@pytest.mark.parametrize(
    ("options", "is_ours"),
    [
        ({}, True),
        ({"theme": {"name": "material", "features": ["navigation.sections"]}}, True),
        ({"theme": {"name": "material", "features": ["navigation.instant"]}}, False),
        ({"theme": {"name": "material", "custom_dir": "own"}}, False),
        ({"extra_javascript": ["own.js"]}, False),
        ({"extra": {"onrecord": {"docs": "trusted"}}}, False),
        ({"extra": {"version": {"provider": "mike"}, "onrecord": None}}, False),
        ({"extra": {"onrecord": None}}, True),
        ({"plugins": ["material/tags"]}, True),
        ({"plugins": ["search"], "extra": {"onrecord": {"search": False}}}, False),
        ({"plugins": ["search"]}, True),
        ({"hooks": ["hooks/mkdocs_events.py", "hooks/more.py"]}, False),
    ],
)
def test_our_script_takes_the_place_of_the_theme_s_where_it_does_all(
    tmp_path: Path, options: dict[str, Any], is_ours: bool
) -> None:
    base = Base(tmp_path)
    base.write("docs/index.md", "# Home\n")
    base.write("docs/own.js", "// ours\n")
    base.write("own/x.html", "")
    base.write("hooks/more.py", "def on_page_content(html, **_):\n    return html\n")
    base.write("decisions/2026/a.md", "---\ntitle: A\nstage: assess\n---\n\n## Problem\n\nB.\n")
    if custom := options.get("theme", {}).get("custom_dir"):
        options["theme"]["custom_dir"] = str(tmp_path / custom)
    html = (
        base.build(**{"theme": {"name": "material"}} | options).folder / "index.html"
    ).read_text(encoding="utf-8")
    assert ("assets/onrecord/theme.js" in html) is is_ours
    assert ("assets/javascripts/bundle" in html) is not is_ours
