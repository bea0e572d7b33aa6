"""Drawings (SVG) and other XML without what acts: a browser opens them as pages with scripts.

In come the bytes of a file; out come the same bytes when nothing in it acts, else the drawing
without what does. Elements and attributes are lists of what draws; whatever isn't on them goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

MOST_BYTES = 10_000_000
MOST_DEPTH = 200
"""No drawing program nests groups so deep, and writing it out would take a call for each level."""

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_PAGES = ("http://www.w3.org/1999/xhtml}", f"{_SVG}}}", "http://www.w3.org/1998/Math/MathML}")
_EDITORS = (
    "http://sodipodi.sourceforge.net/",
    "http://www.inkscape.org/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
    "http://www.serif.com/",
    "http://www.bohemiancoding.com/",
    "http://www.figma.com/",
    "http://vectornator.io",
)
"""Notes that drawing programs keep in a file; to a browser they mean nothing."""

_ELEMENTS = frozenset(
    (
        *("a", "circle", "clipPath", "defs", "desc", "ellipse", "filter", "g", "image", "line"),
        *("linearGradient", "marker", "mask", "metadata", "path", "pattern", "polygon"),
        *("polyline", "radialGradient", "rect", "stop", "style", "svg", "switch", "symbol"),
        *("text", "textPath", "title", "tspan", "use", "view"),
        *("feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix"),
        *("feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood"),
        *("feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode"),
        *("feMorphology", "feOffset", "fePointLight", "feSpecularLighting", "feSpotLight"),
        *("feTile", "feTurbulence"),
    )
)
_ATTRIBUTES = frozenset(
    (
        *("accumulate", "alignment-baseline", "amplitude", "azimuth", "baseFrequency"),
        *("baseProfile", "baseline-shift", "bias", "class", "clip", "clip-path", "clip-rule"),
        *("clipPathUnits", "color", "color-interpolation", "color-interpolation-filters"),
        *("color-rendering", "content", "cursor", "cx", "cy", "d", "diffuseConstant", "direction"),
        *("display", "divisor", "dominant-baseline", "dx", "dy", "edgeMode", "elevation"),
        *("enable-background", "exponent", "fill", "fill-opacity", "fill-rule", "filter"),
        *("filterUnits", "flood-color", "flood-opacity", "font", "font-family", "font-size"),
        *("font-stretch", "font-style", "font-variant", "font-weight", "fr", "fx", "fy"),
        *("gradientTransform", "gradientUnits", "height", "id", "image-rendering", "in", "in2"),
        *("intercept", "k1", "k2", "k3", "k4", "kernelMatrix", "kernelUnitLength", "kerning"),
        *("lang", "lengthAdjust", "letter-spacing", "lighting-color", "limitingConeAngle"),
        *("marker", "marker-end", "marker-mid", "marker-start", "markerHeight", "markerUnits"),
        *("markerWidth", "mask", "maskContentUnits", "maskUnits", "media", "method", "mode"),
        *("numOctaves", "offset", "opacity", "operator", "order", "orient", "overflow"),
        *("paint-order", "path", "pathLength", "patternContentUnits", "patternTransform"),
        *("patternUnits", "pointer-events", "points", "pointsAtX", "pointsAtY", "pointsAtZ"),
        *("preserveAlpha", "preserveAspectRatio", "primitiveUnits", "r", "radius", "refX", "refY"),
        *("requiredFeatures", "result", "role", "rotate", "rx", "ry", "scale", "seed"),
        *("shape-rendering", "side", "slope", "spacing", "specularConstant", "specularExponent"),
        *("spreadMethod", "startOffset", "stdDeviation", "stitchTiles", "stop-color"),
        *("stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap"),
        *("stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "style"),
        *("surfaceScale", "systemLanguage", "tabindex", "tableValues", "target", "targetX"),
        *("targetY", "text-anchor", "text-decoration", "text-rendering", "textLength"),
        *("transform", "transform-origin", "type", "unicode-bidi", "values", "vector-effect"),
        *("version", "viewBox", "visibility", "white-space", "width", "word-spacing"),
        *("writing-mode", "x", "x1", "x2", "xChannelSelector", "y", "y1", "y2"),
        *("yChannelSelector", "z", "zoomAndPan"),
    )
)
_LINKS = ("href", f"{{{_XLINK}}}href")
_XLINK_PLAIN = frozenset(f"{{{_XLINK}}}{name}" for name in ("title", "type", "show", "actuate"))
_LOCAL = re.compile(r"\s*#[^\s\\]*\s*")
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_PAGE = re.compile(r"https?://[^\s\\]*", re.IGNORECASE)
_LOADS = re.compile(
    r"""\\|@import|@font-face|@namespace|expression\s*\(|image-set|src\s*\(|image\s*\(
      | cross-fade|element\s*\(|behavior|-moz-binding|javascript:|<
      | url\s*\(\s*(?!["']?\s*\#)""",
    re.VERBOSE | re.IGNORECASE,
)
"""What of a style loads something from elsewhere or could be read otherwise than it looks."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


class NotADrawingError(ValueError):
    """The file can't be read as a drawing, or only in ways that other programs read otherwise."""


class Drawing(NamedTuple):
    """A drawing that can be shown: its bytes, and the names of what was taken out, in order."""

    data: bytes
    taken_out: tuple[str, ...] = ()


def harmless_drawing(data: bytes) -> Drawing:
    """The drawing with nothing in it that acts. Raises `NotADrawingError`."""
    if len(data) > MOST_BYTES:
        raise NotADrawingError("it is larger than 10 MB")
    has_instructions = _look_at(data)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotADrawingError(f"it isn't XML: {error}") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise NotADrawingError("it isn't SVG: its first element must be <svg> of SVG's namespace")
    out = [*_clean(root)]
    if has_instructions:
        out.append("a processing instruction")
    # Bytes that a browser could read in another encoding aren't those that were judged: they are
    # written anew.
    if not out and _is_utf8(data):
        return Drawing(data)
    # Without a name of its own each element would become `ns0:svg`.
    for prefix, name in (("", _SVG), ("xlink", _XLINK)):
        ElementTree.register_namespace(prefix, name)
    made = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Drawing(made, tuple(dict.fromkeys(out)))


def is_inert_xml(data: bytes) -> bool:
    """True for XML, such as a feed, that a browser shows without running anything of it."""
    try:
        if _look_at(data):  # a style sheet can make a page of any XML
            return False
        root = ElementTree.fromstring(data)
    except (NotADrawingError, ElementTree.ParseError, ValueError, LookupError):
        return False
    return _is_utf8(data) and not any(one.tag[1:].startswith(_PAGES) for one in root.iter())


def _look_at(data: bytes) -> bool:
    """Refuse what no reader of ours may take apart; True when there are processing instructions."""
    depth, instructions = 0, False

    def doctype(name: str, system: str | None, public: str | None, internal: int) -> None:
        # Entities can grow to gigabytes, and hide what an element is until it is read by the
        # browser.
        if internal:
            raise NotADrawingError("its DOCTYPE declares entities")

    def start(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise NotADrawingError(f"its elements are nested more than {MOST_DEPTH} deep")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def instruction(target: str, text: str) -> None:
        nonlocal instructions
        instructions = True

    # A parser of our own looks first: ElementTree expands entities and forgets instructions, and a
    # tree too deep would end Python when it is written.
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, NotADrawingError):
            raise
        raise NotADrawingError(f"it isn't XML: {error}") from None
    return instructions


def _clean(root: ElementTree.Element) -> Iterator[str]:
    """Take out of a tree all that acts; out comes what it was."""
    waiting = [root]
    while waiting:
        one = waiting.pop()
        yield from _clean_attributes(one)
        kept: list[ElementTree.Element] = []
        for child in one:
            if _draws(child.tag) and not (_name(child.tag) == "style" and _style_loads(child)):
                kept.append(child)
                continue
            yield f"<{_name(child.tag)}>"
            if kept:  # the text behind it stays
                kept[-1].tail = (kept[-1].tail or "") + (child.tail or "")
            else:
                one.text = (one.text or "") + (child.tail or "")
        one[:] = kept
        waiting += kept


def _draws(tag: str) -> bool:
    if tag.startswith(f"{{{_SVG}}}"):
        return _name(tag) in _ELEMENTS
    return tag[:1] == "{" and tag[1:].startswith(_EDITORS)


def _style_loads(style: ElementTree.Element) -> bool:
    return len(style) > 0 or bool(_LOADS.search(_COMMENT.sub("", style.text or "")))


def _clean_attributes(one: ElementTree.Element) -> Iterator[str]:
    is_note = not one.tag.startswith(f"{{{_SVG}}}")
    for name, value in list(one.attrib.items()):
        if name in _LINKS:
            fits = bool(_LOCAL.fullmatch(value))
            fits |= _name(one.tag) == "image" and bool(_PICTURE.fullmatch(value.strip()))
            fits |= _name(one.tag) == "a" and bool(_PAGE.fullmatch(value.strip()))
        elif name in _XLINK_PLAIN or name in (f"{{{_XML}}}space", f"{{{_XML}}}lang"):
            fits = True
        elif name.startswith("{"):
            fits = name[1:].startswith(_EDITORS)
        elif is_note:
            fits = not name.lower().startswith("on")
        else:
            fits = name in _ATTRIBUTES or name.startswith(("aria-", "data-"))
            fits = fits and (name == "content" or not _LOADS.search(_COMMENT.sub("", value)))
        if not fits:
            yield f"{_name(name)}="
            del one.attrib[name]


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_utf8(data: bytes) -> bool:
    """True when every program reads the file as UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    declared = re.match(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", text)
    return declared is None or declared[1].lower() in ("utf-8", "utf8", "us-ascii", "ascii")
