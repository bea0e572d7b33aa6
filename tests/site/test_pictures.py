"""The picture of a record that a chat shows: drawn at build, kept, and never with a box in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import fontpkg
import pytest
from building import PLAIN, Base, Page, Site
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.exceptions import Abort
from PIL import Image

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.site.pictures import HEIGHT, WIDTH, Pen, Poster, poster_of

ADDRESS = "https://northwind.example/record/"
TITLE = "title: Move the pay date to the 28th"
PAY, LEAD = "decisions/2026/pay-date/", "playbooks/payroll-lead/"


def asked(base: Base, pictures: object = True, **more: Any) -> Base:
    options = {**PLAIN, "site_url": ADDRESS, "extra": {"onrecord": {"pictures": pictures}}}
    base.configure({**options, **more})
    return base


@pytest.fixture
def drawn(team: Base) -> Base:
    return asked(team)


def named(page: Page) -> dict[str, str]:
    return {
        node.attributes.get("property") or node.attributes.get("name") or "": told
        for node in page.tree.css("meta")
        if (told := node.attributes.get("content"))
    }


def picture(site: Site, url: str) -> bytes:
    path = urlsplit(named(site.page(url))["og:image"].removeprefix(ADDRESS)).path
    return (site.folder / path).read_bytes()


def test_each_record_has_a_picture_of_its_own(drawn: Base) -> None:
    site = drawn.build(strict=True)
    found = set()
    for record in site.records["records"]:
        told = named(site.page(record["url"]))
        assert told["og:image"].startswith(f"{ADDRESS}assets/onrecord/pictures/")
        assert told["twitter:card"] == "summary_large_image"
        assert record["title"].replace("`", "") in told["og:image:alt"]
        with Image.open(BytesIO(picture(site, record["url"]))) as image:
            assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        found.add(told["og:image"])
    assert len(found) == len(site.records["records"]) > 12
    lists = named(site.page("decisions/"))
    assert "pictures" not in lists.get("og:image", "")
    assert "twitter:card" not in lists


def test_a_second_build_draws_nothing(drawn: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn.build()

    def refuse(self: Pen, poster: Poster) -> bytes:
        raise AssertionError(f"drawn again: {poster.title}")

    monkeypatch.setattr(Pen, "png", refuse)
    second = drawn.build("again", today="2026-10-14")
    for record in first.records["records"]:
        assert picture(first, record["url"]) == picture(second, record["url"])


def test_the_same_card_gives_the_same_bytes() -> None:
    poster = Poster("Northwind", "Decision", "Pay on the 25th", "We pay earlier.", "Accepted")
    assert Pen().png(poster) == Pen().png(poster)


def test_a_picture_that_says_something_else_has_another_address(drawn: Base) -> None:
    before = drawn.build()
    drawn.change("decisions/2026/pay-date.md", TITLE, "title: Pay on the 20th")
    after = drawn.build("again")
    addresses = [named(site.page(PAY))["og:image"] for site in (before, after)]
    assert addresses[0] != addresses[1]
    assert named(before.page(LEAD))["og:image"] == named(after.page(LEAD))["og:image"]


def test_without_the_option_there_is_none(team: Base) -> None:
    site = asked(team, pictures=False).build(strict=True)
    assert not site.has("assets/onrecord/pictures")


def test_a_file_of_the_docs_takes_the_place_of_a_picture(drawn: Base) -> None:
    drawn.write("docs/assets/onrecord/pictures/playbooks/payroll-lead/index.png", b"ours")
    assert picture(drawn.build(), LEAD) == b"ours"


def test_letters_that_no_font_holds_leave_the_picture_of_the_site(
    drawn: Base, caplog: pytest.LogCaptureFixture
) -> None:
    drawn.change("decisions/2026/pay-date.md", TITLE, "title: 給料日")
    with caplog.at_level("INFO"):
        site = drawn.build()
    assert "twitter:card" not in named(site.page(PAY))
    assert [m for m in caplog.messages if "decisions/2026/pay-date.md" in m and "letters" in m]
    assert "twitter:card" in named(site.page(LEAD))


def test_a_title_without_a_letter_has_no_picture(pen: Pen) -> None:
    assert not pen.draws(Poster("Northwind", "Decision", "🚀 🎉"))
    assert pen.png(Poster("Northwind", "Decision", "🚀 🎉")) == b""


def test_a_font_of_the_owner_is_asked_first(drawn: Base) -> None:
    before = drawn.build()
    drawn.write("docs/fonts/own.ttf", fontpkg.path("inter", style="italic").read_bytes())
    after = asked(drawn, "docs/fonts/own.ttf").build("again", strict=True)
    assert picture(before, PAY) != picture(after, PAY)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, "must be true, false, or the path"),
        ("", "must be true, false, or the path"),
        ("docs/gone.ttf", "docs/gone.ttf`: there is no such file"),
        ("../elsewhere.ttf", "../elsewhere.ttf`: there is no such file"),
        ("docs/index.md", "index.md can't be read as a font"),
    ],
)
def test_a_wrong_value_is_named(
    drawn: Base, caplog: pytest.LogCaptureFixture, value: object, said: str
) -> None:
    drawn.write("docs/index.md", "# Home\n")
    (drawn.root.parent / "elsewhere.ttf").write_bytes(fontpkg.path("inter").read_bytes())
    with pytest.raises(Abort):
        asked(drawn, value).build()
    (message,) = caplog.messages
    assert said in message
    assert message.startswith("mkdocs.yml: ")


def test_what_is_missing_is_named_with_the_way_to_get_it(
    drawn: Base, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(Abort):
        drawn.build()
    assert "pip install 'onrecord[pictures]'" in caplog.text


def test_without_an_address_of_the_site_nothing_is_drawn(team: Base) -> None:
    site = asked(team, site_url="").build()
    assert [warning for warning in site.warnings if "site_url" in warning]
    assert not site.has("assets/onrecord/pictures")


SVG = "{http://www.w3.org/2000/svg}"
OURS = {f"{SVG}{tag}" for tag in ("svg", "rect", "g", "path", "circle", "text")}
anything = st.text(max_size=300)


@pytest.fixture(scope="module")
def pen() -> Pen:
    return Pen()


@given(words=st.tuples(anything, anything, anything, anything))
@settings(max_examples=60, deadline=None)
def test_nothing_that_people_write_draws_but_words(
    pen: Pen, words: tuple[str, str, str, str]
) -> None:
    site, title, said, fact = words
    hostile = "<image href='file:///etc/passwd'/>&x;]]>"
    svg = pen.svg(
        Poster(site, "Decision", f"{hostile} {title}", said, "Open", "align", "", (fact,))
    )
    if svg:
        assert {node.tag for node in ElementTree.fromstring(svg).iter()} <= OURS


@pytest.mark.parametrize(
    "title",
    [
        "W" * 400,
        "Wirtschaftsprüfungsgesellschaftsverordnung " * 6,
        "i " * 400,
        "Ελληνικά και Кириллица " * 12,
        "short",
    ],
)
def test_words_stay_within_the_picture(pen: Pen, title: str) -> None:
    poster = Poster(title, "Decision", title, title, title, "review", "warn", (title, title))
    with Image.open(BytesIO(pen.png(poster))) as image:
        grey = image.convert("L")
    edges = (0, 20, 60, HEIGHT), (WIDTH - 60, 20, WIDTH, HEIGHT), (0, HEIGHT - 45, WIDTH, HEIGHT)
    assert [grey.crop(edge).getextrema() for edge in edges] == [(255, 255)] * 3


def test_signs_that_no_font_holds_are_left_out(pen: Pen) -> None:
    svg = pen.svg(Poster("Northwind", "Decision", "🚀 Launch 🎉 in May", "日本語で", "Accepted"))
    lines = ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert lines == ["Northwind · Decision", "Launch in May", "Accepted"]


def test_a_picture_names_no_day_by_how_far_it_is(northwind: Site) -> None:
    root = northwind.folder.parent
    told: list[Mapping[str, Poster]] = []
    for today in (date(2026, 10, 10), date(2026, 10, 13)):
        base = KnowledgeBase.open(root, today)
        told.append({one.path: poster_of(one, base.catalogue, "N") for one in base.library.records})
    decisions = [path for path in told[0] if path.startswith("decisions/")]
    assert len(decisions) > 10
    assert {path: told[0][path] for path in decisions} == {p: told[1][p] for p in decisions}
    assert told[0]["decisions/2026/pay-date.md"].title == TITLE.removeprefix("title: ")


def test_the_shape_of_each_state_is_drawn(pen: Pen) -> None:
    poster = Poster("N", "Decision", "T", "", "State")
    plain = pen.png(poster)
    for shape in ("assess", "collaborate", "review", "integrate", "align", "accepted", "vacant"):
        with_shape = Poster("N", "Decision", "T", "", "State", shape)
        assert pen.png(with_shape) != plain
