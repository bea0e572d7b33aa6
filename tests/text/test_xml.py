"""A drawing is published as it is when it only draws, and else without what acts."""

from __future__ import annotations

import pytest

from onrecord.text.xml import NotADrawingError, harmless_drawing, is_inert_xml

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"'


def drawing(inside: str, before: str = "", attributes: str = "") -> bytes:
    return f"{before}<svg {NS} width='9'{attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<g fill='url(#a)'><path d='M0 0'/></g><!-- a note -->",
        "<style>.a { fill: red; filter: url(#b) } /* url(x) */</style>",
        "<a x:href='https://example.org/'><text>go</text></a><use href='#a'/>",
        "<image href='data:image/png;base64,iVBORw0KGgo='/>",
        "<metadata xmlns:c='http://creativecommons.org/ns#'><c:Work/></metadata>",
    ],
)
def test_what_only_draws_stays_to_the_byte(inside: str) -> None:
    doctype = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    for data in (drawing(inside), drawing(inside, doctype)):
        found = harmless_drawing(data)
        assert found.data is data
        assert found.taken_out == ()


ACTS = [
    "<script>alert(1)</script>",
    "<g onclick='alert(1)'/>",
    "<a x:href='javascript:alert(1)'/>",
    "<a href=' java&#10;script:alert(1)'/>",
    "<a href='data:text/html,x'/>",
    "<image href='https://other.example/x.png'/>",
    "<image href='data:image/svg+xml;base64,PHN2Zz4='/>",
    "<use href='https://other.example/x.svg#a'/>",
    "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
    "<metadata><h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script></metadata>",
    "<set attributeName='href' to='javascript:alert(1)'/>",
    "<animate attributeName='href' values='javascript:alert(1)'/>",
    "<style>@import 'https://other.example/x.css';</style>",
    "<style>g { fill: u\\72l(https://other.example/) }</style>",
    "<g style='background: url( https://other.example/x.png)'/>",
    "<g fill='url(https://other.example/x.svg#a)'/>",
    "<feImage href='https://other.example/x.png'/>",
    "<handler type='text/ecmascript'>alert(1)</handler>",
]


@pytest.mark.parametrize("inside", ACTS)
def test_what_acts_is_taken_out_and_said(inside: str) -> None:
    found = harmless_drawing(drawing(f"<rect/>{inside} tail <circle r='1'/>"))
    assert found.taken_out
    text = found.data.decode()
    for word in ("alert", "other.example", "script", "data:", "@import", "foreignObject", "<set"):
        assert word not in text, word
    assert "<rect />" in text
    assert " tail <circle" in text
    assert harmless_drawing(found.data).taken_out == ()


def test_a_handler_of_the_drawing_itself_and_a_style_sheet_go() -> None:
    sheet = "<?xml-stylesheet href='https://other.example/x.css'?>"
    for data in (drawing("", sheet), drawing("", "", " onload='alert(1)'")):
        found = harmless_drawing(data)
        assert found.taken_out
        assert b"other.example" not in found.data
        assert b"onload" not in found.data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg",
        b"\x1f\x8b\x08gzip",
        b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        b"<svg/>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        drawing("&e;", '<!DOCTYPE svg [<!ENTITY e "x">]>'),
        drawing("<g>" * 300 + "</g>" * 300),
    ],
)
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(NotADrawingError):
        harmless_drawing(data)


def test_another_encoding_is_written_anew() -> None:
    data = f'<?xml version="1.0" encoding="utf-16"?><svg {NS}><g/></svg>'.encode("utf-16")
    found = harmless_drawing(data)
    assert found.taken_out == ()
    assert found.data.decode("utf-8").startswith("<?xml")


def test_xml_that_a_browser_runs_nothing_of() -> None:
    assert is_inert_xml(b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>")
    for data in (
        b"<x xmlns:h='http://www.w3.org/1999/xhtml'><h:script>x</h:script></x>",
        b"<x><svg xmlns='http://www.w3.org/2000/svg' onload='x'/></x>",
        b"<?xml-stylesheet type='text/xsl' href='x.xsl'?><x/>",
        b"<x><y></x>",
    ):
        assert not is_inert_xml(data), data
