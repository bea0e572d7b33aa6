"""A build with a cache gives the site that a build without one gives, to the byte."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from building import NORTHWIND, PLAIN, Base, Serving, Site
from jinja2 import Environment
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx import slugs

from onrecord.records.keeping import Kept, digests
from onrecord.records.model import Record
from onrecord.search import site_index
from onrecord.site.mkdocs import assets
from onrecord.site.mkdocs.links import ForgeLinks
from onrecord.site.mkdocs.plain_texts import PlainOnFailure
from onrecord.site.mkdocs.rebuild import Conversion, Memo
from onrecord.site.mkdocs.rebuild.known import KNOWN, unknown_in, written_as_plain
from onrecord.site.pages import Fragment
from onrecord.site.pages.fragments import Fragments
from onrecord.site.sheets import named_in

RICH: dict[str, Any] = {
    **PLAIN,
    "markdown_extensions": [
        *("admonition", "attr_list", "footnotes", "md_in_html", "tables"),
        *("pymdownx.details", "pymdownx.superfences", "pymdownx.tasklist"),
        {"toc": {"permalink": True}},
    ],
    "validation": {
        "nav": {"omitted_files": "info"},
        "links": {"anchors": "warn", "absolute_links": "warn", "unrecognized_links": "warn"},
    },
}
"""A configuration that warns of much, so that warnings are compared too."""

JUDGED = ("info", "warn", "relative_to_docs")

TEXTS = (
    "See [the start](/index.md) and [what isn't](/nowhere.md).",
    "A sentence more.",
    "See [this](renamed-3.md), [that](../../playbooks/it-lead/index.md#duties) and [it](#nowhere).",
    "Again[^1] and [a name][n].\n\n[^1]: A note.\n\n[n]: ../README.md",
    "!!! note\n    <script>alert(1)</script> [x](http://[)",
    "## Pay day { #pay-day }\n\n| a | b |\n|---|---|\n| 1 | [c](c) |",
    "```mermaid\ngraph TD\n  A --> B\n```",
    "- [ ] @ana: is that so?\n\n    ```python\n    x = 1\n    ```",
)


def files_of(site: Site) -> dict[str, bytes]:
    return {
        path.relative_to(site.folder).as_posix(): path.read_bytes()
        for path in sorted(site.folder.rglob("*"))
        if path.is_file()
    }


def built_anew(base: Base, **options: Any) -> Site:
    """The site as a build without a cache makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_CACHE", "")
        return base.build("without", **options)


def assert_as_without_a_cache(
    base: Base,
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    anew: Site | None = None,
    **options: Any,
) -> Site:
    """Compare a build with a cache with one without; `anew` is that one, where it is there."""
    monkeypatch.setenv("ONRECORD_CACHE", str(cache))
    with_cache = base.build("with", **options)
    without = anew or built_anew(base, **options)
    one, other = files_of(with_cache), files_of(without)
    assert one.keys() == other.keys()
    assert [path for path in one if one[path] != other[path]] == []
    assert with_cache.warnings == without.warnings
    return with_cache


MATERIAL: dict[str, Any] = {
    **RICH,
    "site_url": "https://northwind.example/record/",
    "theme": {"name": "material", "font": False, "features": ["content.action.edit"]},
    "nav": [{"Home": "index.md"}, {"Decisions": "decisions/index.md"}],
    "extra": {"onrecord": {"search": False}},
}
"""The theme whose pages are kept as well. The index of the search is left to another test."""


def change(base: Base, dice: Random, day: list[str], options: dict[str, Any]) -> None:
    """Do one of the things that people do to a knowledge base."""
    files = sorted(
        path
        for folder in ("decisions", "playbooks", "docs")
        for path in (base.root / folder).rglob("*.md")
    )
    file, other = dice.choice(files), dice.choice(files)
    text = file.read_text(encoding="utf-8")
    kinds = ("write", "insert", "reply", "title", "rename", "delete", "copy")
    kinds += ("configure", "theme", "day")
    match dice.choice(kinds):
        case "write":
            file.write_text(f"{text}\n{dice.choice(TEXTS)}\n", encoding="utf-8")
        case "insert":  # in the middle, so that what is below it moves
            parts = text.split("\n\n")
            parts.insert(dice.randrange(1, len(parts) + 1), dice.choice(TEXTS))
            file.write_text("\n\n".join(parts), encoding="utf-8")
        case "reply":
            says = dice.choice(("feedback", "no-objection", "aligned"))
            front = f"---\nwho: bob\nsays: {says}\n---\n\n"
            name = f"2026-10-0{dice.randrange(1, 9)}-bob.md"
            base.write(f"{file.relative_to(base.root).with_suffix('')}/{name}", front + "Well.\n")
        case "title":
            file.write_text(text.replace("title: ", "title: Newly <b>", 1), encoding="utf-8")
        case "rename":
            file.rename(file.with_name(f"renamed-{dice.randrange(5)}.md"))
        case "delete":
            file.unlink()
        case "copy":
            other.write_text(text, encoding="utf-8")
        case "configure":
            extensions = RICH["markdown_extensions"][: dice.randrange(4, 10)]
            options |= {
                "site_name": f"Site {dice.randrange(3)}",
                "repo_url": f"https://forge.example/{dice.randrange(3)}",
                "validation": {"links": {"anchors": "warn", "absolute_links": dice.choice(JUDGED)}},
                "markdown_extensions": extensions,
                "use_directory_urls": dice.random() < 0.7,
                "extra": {"onrecord": {"precedents": dice.random() < 0.5, "search": False}},
            }
            base.configure(options)
        case "theme" if options["theme"]["name"] == "material":
            base.write("overrides/partials/copyright.html", f"<p>{dice.randrange(3)}</p>\n")
            nav = [*MATERIAL["nav"], {"Roles": "playbooks/index.md"}][: dice.randrange(1, 4)]
            features = ["navigation.footer", "toc.integrate"][: dice.randrange(3)]
            theme = {"name": "material", "custom_dir": "overrides", "features": features}
            options |= {"nav": nav, "theme": theme}
            base.configure(options)
        case "day":
            day[0] = f"2026-11-{dice.randrange(1, 29):02}"


@pytest.mark.parametrize(("options", "seed"), [(RICH, 0), (RICH, 1), (MATERIAL, 3)])
def test_after_any_changes_the_site_is_as_one_built_anew(
    options: dict[str, Any], seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, dice, day = Base(tmp_path / "base", like=NORTHWIND), Random(seed), ["2026-10-10"]
    options = dict(options)
    base.configure(options)
    if seed % 2:  # half of the runs believe the disk's times at once
        monkeypatch.setattr(digests, "SETTLED", -(10**18))
    for _ in range(4):
        anew = built_anew(base, today=day[0])
        for _ in range(2):  # the second has nothing to do, but for what somebody did to the site
            assert_as_without_a_cache(base, monkeypatch, tmp_path / "cache", anew, today=day[0])
            page = dice.choice(sorted((base.root / "with").rglob("*.html")))
            match dice.choice(("delete", "damage", "leave")):
                case "delete":
                    page.unlink()
                case "damage":  # it stays as long and, but for one time, as old as it was
                    before = page.stat()
                    page.write_bytes(page.read_bytes()[:-1] + b"x")
                    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
        for _ in range(dice.randrange(1, 4)):
            change(base, dice, day, options)
    assert_as_without_a_cache(base, monkeypatch, tmp_path / "cache", today=day[0])


def test_a_second_build_converts_nothing_and_runs_pagefind_over_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    cache = tmp_path / "cache"
    first = files_of(assert_as_without_a_cache(base, monkeypatch, cache))
    rows = sqlite3.connect(cache / "onrecord-made.db")
    held = dict(rows.execute("SELECT kind, count(*) FROM kept GROUP BY kind").fetchall())
    rows.close()
    assert held["page"] >= len([path for path in first if path.endswith("/index.html")])
    assert held["clean"] > 10
    assert held["copy"] > 10
    assert held["nearest"] > 1
    monkeypatch.setattr(Markdown, "convert", lambda *_: pytest.fail("a text is converted"))
    monkeypatch.setattr(Memo, "write", lambda *_: pytest.fail("a page is filled"))
    # As `serve` builds at each save: in one process a template is compiled once.
    monkeypatch.setattr(Environment, "compile", lambda *_: pytest.fail("a template is compiled"))
    monkeypatch.setattr(
        site_index.SearchIndex, "_made", lambda *_: pytest.fail("a piece of the index is made")
    )
    monkeypatch.setenv("ONRECORD_CACHE", str(cache))
    again = base.build("again")
    assert files_of(again) == first


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the records whose pages are made from now on."""
    paths: list[str] = []
    fragment = Fragments.of

    def of(self: Fragments, record: Record, *more: Any) -> Fragment:
        paths.append(record.path)
        return fragment(self, record, *more)

    monkeypatch.setattr(Fragments, "of", of)
    return paths


def test_a_paragraph_more_makes_one_page_of_a_decision_anew(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, cache = Base(tmp_path / "base", like=NORTHWIND), tmp_path / "cache"
    monkeypatch.setenv("ONRECORD_CACHE", str(cache))
    read: list[str] = []
    monkeypatch.setattr(
        assets, "named_in", lambda path, data: read.append(path) or named_in(path, data)
    )
    first = files_of(base.build("with"))
    decisions = {path for path in made if path.startswith("decisions/")}
    edited = next(_with_alternatives(base)).relative_to(base.root).as_posix()
    _write_a_paragraph(base.root / edited)
    made.clear()
    assert read
    read.clear()
    second = files_of(base.build("with"))
    assert decisions.intersection(made) == {edited}
    # For the theme's sheets it looks into what it wrote alone.
    assert read
    assert [path for path in read if first.get(path) == second[path]] == []
    assert second == files_of(built_anew(base))


def test_a_save_makes_one_page_of_a_decision_anew(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though `serve` makes the texts for the search only as it starts."""
    base = Base(tmp_path / "base", like=NORTHWIND)
    base.configure({**MATERIAL, "extra": {"onrecord": {"precedents": False}}})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))
    edited = next(_with_alternatives(base))
    serving = Serving(base)
    serving.build()
    made.clear()
    _write_a_paragraph(edited)
    serving.build()
    serving.plugins.on_shutdown()
    assert _decisions_in(made) == [edited.relative_to(base.root).as_posix()]
    # A server that starts later makes a search, and needs the text of that one page.
    made.clear()
    later = Serving(base)
    later.build()
    later.plugins.on_shutdown()
    assert _decisions_in(made) == [edited.relative_to(base.root).as_posix()]


def test_where_nothing_can_be_kept_a_page_is_made_once(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    base.configure({**MATERIAL, "extra": {}})
    (tmp_path / "file").touch()
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "file" / "cache"))
    base.build()
    assert len(_decisions_in(made)) == len({*_decisions_in(made)}) > 3


def _decisions_in(paths: list[str]) -> list[str]:
    return [path for path in paths if path.startswith("decisions/")]


def test_a_page_shows_nothing_of_the_prose_of_other_decisions(tmp_path: Path) -> None:
    """Which is why it may stay where that prose changes. What it quotes is left out here."""
    base = Base(tmp_path / "base", like=NORTHWIND)
    base.configure({**PLAIN, "extra": {"onrecord": {"precedents": False, "search": False}}})
    first = files_of(built_anew(base))
    texts = {path: path.read_text(encoding="utf-8") for path in base.root.rglob("decisions/*/*.md")}
    for half in (0, 1):
        for number, (path, text) in enumerate(sorted(texts.items())):
            if number % 2 == half:
                text = (
                    text.replace("\n\n## ", "\n\nA zeppelin was no way.\n\n## ") + "\nNor this.\n"
                )
            path.write_text(text, encoding="utf-8")
        second = files_of(built_anew(base))
        pages = [path.relative_to(base.root).with_suffix("").as_posix() for path in sorted(texts)]
        same = [f"{page}/index.html" for page in pages[1 - half :: 2]]
        assert len(same) > 3
        assert [page for page in same if first[page] != second[page]] == []


SCRIPTED: dict[str, Any] = {
    **MATERIAL,
    # In a small base a sentence more moves how close others are, which their pages show.
    "extra": {"onrecord": {"precedents": False, "search": False}},
    "markdown_extensions": [
        *RICH["markdown_extensions"],
        {"pymdownx.tabbed": {"alternate_style": True}},
    ],
}


def test_what_a_page_needs_beside_it_stays_where_the_page_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, cache = Base(tmp_path / "base", like=NORTHWIND), tmp_path / "cache"
    base.configure(SCRIPTED)
    edited, drawn, tabbed, *_ = _with_alternatives(base)
    _write_more(drawn, "```mermaid\ngraph TD\n  A --> B\n```")
    _write_more(tabbed, '=== "One"\n\n    First.\n\n=== "Two"\n\n    Second.')
    for _ in range(2):
        assert_as_without_a_cache(base, monkeypatch, cache)
        _write_a_paragraph(edited)
    site = assert_as_without_a_cache(base, monkeypatch, cache)
    assert "diagrams.js" in _page_of(site, base, drawn)
    assert "bundle" in _page_of(site, base, tabbed)


def test_a_page_whose_texts_are_lost_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, cache = Base(tmp_path / "base", like=NORTHWIND), tmp_path / "cache"
    base.configure({**MATERIAL, "extra": {}})
    assert_as_without_a_cache(base, monkeypatch, cache)
    rows = sqlite3.connect(cache / "onrecord-made.db")
    with rows:
        gone = rows.execute("DELETE FROM kept WHERE kind IN ('texts', 'page')").rowcount
    rows.close()
    assert gone > 15
    shutil.rmtree(tmp_path / "base" / "with")  # so that each page must be written
    (cache / "onrecord-search.db").unlink()  # and each be read by the search
    assert_as_without_a_cache(base, monkeypatch, cache)


@pytest.mark.parametrize("options", [PLAIN, MATERIAL], ids=["any theme", "Material"])
def test_a_served_site_is_as_one_served_anew(
    options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    base.configure({**options, "extra": {"onrecord": {"precedents": False, "search": False}}})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))
    serving = Serving(base)
    for _ in range(3):
        serving.build()
        _write_a_paragraph(next(_with_alternatives(base)))
    serving.build()
    serving.plugins.on_shutdown()
    monkeypatch.setenv("ONRECORD_CACHE", "")
    shutil.copytree(serving.folder, tmp_path / "served")
    shutil.rmtree(serving.folder)
    anew = Serving(base)
    anew.build()
    anew.plugins.on_shutdown()
    found, made = (files_of(Site(one, [])) for one in (tmp_path / "served", anew.folder))
    assert found == made


def _with_alternatives(base: Base) -> Iterator[Path]:
    for path in sorted(base.root.glob("decisions/*/*.md")):
        if "\n## Alternatives" in path.read_text(encoding="utf-8"):
            yield path


def _write_a_paragraph(file: Path) -> None:
    head, heading, rest = file.read_text(encoding="utf-8").partition("## Alternatives")
    text = f"{head}Waiting for a year was no way.\n\n{heading}{rest}"
    file.write_text(text, encoding="utf-8")


def _write_more(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as written:
        written.write(f"\n{text}\n")


def _page_of(site: Site, base: Base, record: Path) -> str:
    folder = record.relative_to(base.root).with_suffix("")
    return (site.folder / folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Base, Path]:
    """A base that was built with a cache, and the cache."""
    here = tmp_path_factory.mktemp("built")
    base = Base(here / "base", like=NORTHWIND)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_CACHE", str(here / "cache"))
        base.build()
    return base, here / "cache"


DAMAGED = ("onrecord-made.db", "onrecord-pages.db", "onrecord-search.db", "onrecord-reading.db")


def test_what_somebody_put_into_the_cache_reaches_no_page(
    built: tuple[Base, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, cache = built
    mine = shutil.copytree(cache, tmp_path / "cache")
    evil = "<script>evil()</script><p onclick=evil()>and this stays</p>"
    # The seal of pages holds no secret, so anybody can make one; what they hold is cleaned.
    kept = Kept(mine, "pages")
    rows = sqlite3.connect(mine / "onrecord-pages.db")
    found = rows.execute("SELECT kind, key, data FROM kept").fetchall()
    rows.close()
    assert len(found) > 15
    for kind, key, data in found:
        html = msgspec.msgpack.decode(data)
        kept.write(kind, key, msgspec.msgpack.encode([html[0] + evil, *html[1:]]))
    kept.close()
    # What is published as it is has a seal that nobody can make without the secret.
    forged = Kept(mine, "search", b"another secret")
    rows = sqlite3.connect(mine / "onrecord-search.db")
    for kind, key, data in rows.execute("SELECT kind, key, data FROM kept").fetchall():
        forged.write(kind, key, data + evil.encode())
    rows.close()
    forged.close()
    monkeypatch.setenv("ONRECORD_CACHE", str(mine))
    site = base.build("poisoned")
    written = files_of(site)
    assert [path for path, data in written.items() if b"evil()" in data] == []
    assert b"and this stays" in written["index.html"]  # so what was put there was read


@pytest.fixture(scope="module", params=DAMAGED)
def undamaged(request: pytest.FixtureRequest, built: tuple[Base, Path]) -> tuple[str, Base, Site]:
    """The name of a cache, a base that fills it, and its site as it must come out."""
    base, _ = built
    name: str = request.param
    base.configure({**PLAIN, "extra": {"onrecord": {"search": name == "onrecord-search.db"}}})
    return name, base, built_anew(base)


@pytest.mark.parametrize("how", ["cut", "noise", "empty", "folder"])
def test_a_damaged_cache_gives_the_same_site(
    how: str,
    undamaged: tuple[str, Base, Site],
    built: tuple[Base, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (name, base, anew), (_, cache) = undamaged, built
    mine = shutil.copytree(cache, tmp_path / "cache")
    file, data = mine / name, (mine / name).read_bytes()
    match how:
        case "cut":
            file.write_bytes(data[: len(data) // 2])
        case "noise":
            noisy = bytearray(data)
            dice = Random(1)
            for _ in range(200):
                noisy[dice.randrange(4096, len(noisy))] = dice.randrange(256)
            file.write_bytes(noisy)
        case "empty":
            file.write_bytes(b"")
        case "folder":
            file.unlink()
            file.mkdir()
    assert_as_without_a_cache(base, monkeypatch, mine, anew)


HOOKS = {
    "hook": "def on_page_context(context, page, config, nav):\n    page.title = 'Theirs'\n",
    "global": "def on_env(env, config, files):\n    env.globals['theirs'] = 1\n",
    "template": "",
}


@pytest.mark.parametrize("part", HOOKS)
def test_where_something_unknown_takes_part_each_page_is_filled_anew(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    options = dict(MATERIAL)
    if part == "template":
        base.write("overrides/main.html", "{% extends 'base.html' %}{# {{ build_date_utc }} #}")
        options["theme"] = {"name": "material", "custom_dir": "overrides"}
    else:
        base.write("hooks/theirs.py", HOOKS[part])
        options["hooks"] = ["hooks/mkdocs_events.py", "hooks/theirs.py"]
    base.configure(options)
    anew = built_anew(base)
    with caplog.at_level("INFO", "mkdocs"):
        for _ in range(2):
            assert_as_without_a_cache(base, monkeypatch, tmp_path / "cache", anew)
    assert "Each page is filled anew: OnRecord doesn't know what" in caplog.text


def test_an_extension_nobody_knows_is_left_alone_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    (base.root / "words.md").write_text("*[ERP]: Planning\n", encoding="utf-8")
    snippets = {"pymdownx.snippets": {"auto_append": [str(base.root / "words.md")]}}
    base.configure({**PLAIN, "markdown_extensions": ["attr_list", snippets]})
    with caplog.at_level("INFO", "mkdocs"):
        assert_as_without_a_cache(base, monkeypatch, tmp_path / "cache")
    assert "isn't kept for the next build: OnRecord doesn't know what the Markdown extension" in (
        caplog.text
    )
    (base.root / "words.md").write_text("*[ERP]: Planning of all\n", encoding="utf-8")
    assert_as_without_a_cache(base, monkeypatch, tmp_path / "cache")


# One converter for all texts.


def _pages(base: Base, extensions: list[Any], texts: list[str]) -> tuple[list[Any], list[Any]]:
    """What each text becomes: by a converter of its own, and by one for all of them."""
    base.configure({**PLAIN, "markdown_extensions": extensions, "hooks": []})
    config = load_config(str(base.root / "mkdocs.yml"))
    links = ForgeLinks()
    net = PlainOnFailure(lambda: "x")
    config.markdown_extensions += [links, net]
    conversion = Conversion(config, links, net, Kept(None, "none"))
    assert conversion.unknown == ""
    files, found = Files([]), ([], [])
    for which in (0, 1):
        for number, text in enumerate(texts):
            page = Page(None, File(f"{number}.md", config.docs_dir, config.site_dir, True), config)
            page.markdown, page.meta = text, {}
            if which:
                conversion.render(page, files)
            else:
                page.render(config, files)
            toc = [(item.title, item.id, item.level) for item in page.toc]
            made = (page.content, toc, page.title, page.present_anchor_ids)
            found[which].append((*made, sorted(map(str, page.links_to_anchors or {}))))
    return found


HOSTILE = Path(__file__).parents[1] / "support/hostile.md"


@pytest.mark.parametrize("seed", range(3))
def test_a_converter_forgets_each_text_before_the_next(seed: int, tmp_path: Path) -> None:
    dice = Random(seed)
    whole = "\n".join(
        path.read_text(encoding="utf-8") for path in (HOSTILE, *sorted(NORTHWIND.rglob("*.md")))
    )
    blocks = [*whole.split("\n\n"), *TEXTS, "*[HTML]: Hyper\n\nHTML", '=== "One"\n    x', "++a++"]
    texts = ["\n\n".join(dice.sample(blocks, dice.randrange(1, 9))) for _ in range(60)]
    known = sorted(one for one in KNOWN if not one.startswith("markdown.") and one != "extra")
    chosen: list[Any] = [one for one in known if dice.random() < 0.7 and one != "codehilite"]
    fresh, shared = _pages(Base(tmp_path), chosen, texts)
    for text, one, other in zip(texts, fresh, shared, strict=True):
        assert other == one, text


def test_an_unknown_extension_or_function_is_named() -> None:
    assert unknown_in(["toc", "pymdownx.superfences"], {"toc": {"permalink": True}}) == ""
    assert "pymdownx.snippets" in unknown_in(["pymdownx.snippets"], {})
    assert "Thing" in unknown_in([type("Thing", (), {})()], {})
    lower = partial(slugs._uslugify, case="lower")
    assert unknown_in(["toc"], {"toc": {"slugify": lower}}) == ""
    assert written_as_plain([lower]) != written_as_plain([partial(slugs._uslugify, case="fold")])
    assert "function" in unknown_in(["toc"], {"toc": {"slugify": partial(str)}})
    mine = partial(slugs._uslugify, case=object())
    assert "function" in unknown_in(["toc"], {"toc": {"slugify": mine}})
    assert "function" in unknown_in(["toc"], {"toc": {"slugify": lambda text, sep: text}})
    assert "UNIQUE_IDS" in unknown_in(["footnotes"], {"footnotes": {"UNIQUE_IDS": True}})
    icons = {"pymdownx.emoji": {"options": {"custom_icons": ["overrides/.icons"]}}}
    assert "icons" in unknown_in(["pymdownx.emoji"], icons)
