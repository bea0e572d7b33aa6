"""Drawing a poster: an SVG of its words, made into a PNG by resvg.

resvg sets text itself (kerning, Arabic, right to left), so the same poster gives the same bytes on
every system. fontTools says which letters a font holds and how wide they are. What a font lacks is
never drawn as a box: a sign is left out, and a word with letters that no font holds isn't drawn.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import astuple
from functools import cached_property
from html import escape
from importlib import import_module, resources
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from onrecord.site.pages import asset
from onrecord.site.pictures.poster import Poster

WIDTH, HEIGHT = 1200, 630
"""Pixels: what chats and networks ask for."""

PACKAGES = ("fontpkg-inter", "fonttools", "resvg-py")
FIRST = "inter"
"""The family that the extra brings; others that fontpkg finds serve what it lacks."""

INK, QUIET, ACCENT = "#16211f", "#55605f", "#0a5a66"
TONES = {"good": "#1a6b3a", "warn": "#8a5200", "bad": "#b3261e", "quiet": QUIET}
EDGE = 80
TITLES = ((76, 2), (62, 3), (50, 4))
"""Sizes of a title in pixels, each with the most lines it may take; the last one is cut."""
SAID, META = 34, 30
LOWEST = 480
"""The lowest line that a sentence may stand on."""
LONGEST = 500
"""Letters of a text that are looked at; no picture has room for so many."""
LINE = 1.2

_SHAPE = re.compile(r'--or-icon-([a-z0-9-]{1,60}): url\("data:image/svg\+xml,([^"]+)"\)')
_SPACES = re.compile(r"\s+")


class NoPicturesError(Exception):
    """What pictures need isn't installed, or a font can't be read; says what to do."""


class Pen:
    """The pen of one build. Raises `NoPicturesError` where it can't draw at all.

    `font` is a file of the owner's that is asked before all other fonts.
    """

    def __init__(self, font: Path | None = None) -> None:
        try:
            self._resvg: Any = import_module("resvg_py")
            self._ttlib: Any = import_module("fontTools.ttLib")
            families = dict(import_module("fontpkg").families())
            first = families.pop(FIRST)
        except (ImportError, KeyError):
            raise NoPicturesError(
                "`pictures` needs what draws them; run: pip install 'onrecord[pictures]'"
            ) from None
        others = [families[slug] for slug in sorted(families)]
        found = [_regular(family) for family in (first, *others)]
        self._files = [*([font] if font is not None else []), *filter(None, found)]
        named = [f"{one} {version(one)}" for one in PACKAGES]
        fonts = [hashlib.blake2b(file.read_bytes()).hexdigest() for file in self._files]
        self._made_with = (*named, *fonts)

    @cached_property
    def fonts(self) -> list[_Font]:
        """The fonts in the order in which a letter is looked for."""
        return [self._read(file) for file in self._files]

    def key(self, poster: Poster) -> list[str]:
        """What its picture is made of, beside our own code."""
        return [*self._made_with, *map(str, astuple(poster))]

    def can(self, text: str) -> bool:
        """True where the fonts hold every letter and number of a text."""
        return all(
            self._font(sign) for sign in _normal(text) if unicodedata.category(sign)[0] in "LMN"
        )

    def draws(self, poster: Poster) -> bool:
        """True where its title has something to draw, and no letter that is in no font."""
        return bool(self._shown(poster.title)) and self.can(poster.title)

    def svg(self, poster: Poster) -> str:
        """The picture as SVG; '' where there is none."""
        if not self.draws(poster):
            return ""
        return "".join(self._parts(poster, self._shown(poster.title)))

    def png(self, poster: Poster) -> bytes:
        """The picture, of `WIDTH` by `HEIGHT` pixels; nothing where there is none."""
        svg = self.svg(poster)
        if not svg:
            return b""
        files = [str(font.file) for font in self.fonts]
        drawn = self._resvg.svg_to_bytes(svg_string=svg, font_files=files, skip_system_fonts=True)
        return bytes(drawn)

    def _parts(self, poster: Poster, title: str) -> Iterator[str]:
        yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        yield f'<rect width="{WIDTH}" height="14" fill="{ACCENT}"/>'
        yield _placed(_mark(), EDGE, 66, 48, ACCENT)
        top = "  ·  ".join(
            filter(None, (self._shown(poster.site) if self.can(poster.site) else "", poster.kind))
        )
        [line] = self._lines(top, META, WIDTH - 2 * EDGE - 68, 1)
        yield self._text(line, EDGE + 68, 101, META, QUIET)
        size, lines = self._fitted(title)
        y = 150.0
        for line in lines:
            y += size * LINE
            yield self._text(line, EDGE, y, size, INK, bold=True)
        y += 24
        room = int((LOWEST - y) // (SAID * 1.35))
        if self.can(poster.said) and room > 0:
            for line in self._lines(self._shown(poster.said), SAID, WIDTH - 2 * EDGE, min(room, 3)):
                y += SAID * 1.35
                yield self._text(line, EDGE, y, SAID, QUIET)
        yield f'<rect x="{EDGE}" y="512" width="{WIDTH - 2 * EDGE}" height="2" fill="#dfe3e2"/>'
        yield from self._state(poster)
        yield "</svg>"

    def _state(self, poster: Poster) -> Iterator[str]:
        """The last line: a shape and a word, then who and when."""
        x, tone = float(EDGE), TONES.get(poster.tone, ACCENT)
        if poster.state and self.can(poster.state):
            if poster.shape:
                yield _placed(_shapes().get(poster.shape, ""), x, 537, 38, tone)
                x += 52
            [state] = self._lines(self._shown(poster.state), META, WIDTH - EDGE - x, 1)
            yield self._text(state, x, 567, META, tone, bold=True)
            x += self._width(state, META) + 28
        facts = "  ·  ".join(self._shown(one) for one in poster.facts if one and self.can(one))
        if facts and x < WIDTH - EDGE - 200:
            [line] = self._lines(facts, META, WIDTH - EDGE - x, 1)
            yield self._text(line, x, 567, META, QUIET)

    def _fitted(self, title: str) -> tuple[int, list[str]]:
        """The largest size in which a title has room, and its lines."""
        for size, most in TITLES:
            lines = self._lines(title, size, WIDTH - 2 * EDGE, most)
            if not lines[-1].endswith("…"):
                return size, lines
        return size, lines

    def _lines(self, text: str, size: float, width: float, most: int) -> list[str]:
        """A text in lines of at most so many pixels; a longer one is cut in the last line."""
        lines = [""]
        for word in text[:LONGEST].split(" "):
            for piece in self._pieces(word, size, width):
                joined = f"{lines[-1]} {piece}" if lines[-1] else piece
                if self._width(joined, size) <= width:
                    lines[-1] = joined
                else:
                    lines.append(piece)
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self._cut(" ".join(lines[most - 1 :]), size, width)]

    def _pieces(self, word: str, size: float, width: float) -> Iterator[str]:
        """A word, or what a line can take of it at a time."""
        while word:
            fits = self._fits(word, size, width)
            yield word[:fits]
            word = word[fits:]

    def _fits(self, text: str, size: float, width: float) -> int:
        """How many of its letters fit, at least one."""
        wide = 0.0
        for number, sign in enumerate(text):
            wide += self._width(sign, size)
            if wide > width:
                return max(number, 1)
        return len(text)

    def _cut(self, text: str, size: float, width: float) -> str:
        kept = text[: self._fits(text, size, width - self._width("…", size))]
        at = kept.rfind(" ")
        return (kept[:at] if at > len(kept) // 2 else kept).rstrip(" ,;:-–—") + "…"

    def _text(
        self, line: str, x: float, y: float, size: int, colour: str, *, bold: bool = False
    ) -> str:
        """A line as SVG. One that reads from right to left ends at the other edge.

        Bold letters are letters with a stroke: resvg takes no weight from a variable font.
        """
        anchor = ""
        if x == EDGE and _goes_left(line):
            line, x, anchor = f"\u202b{line}\u202c", WIDTH - EDGE, ' text-anchor="end"'
        used = dict.fromkeys(font.family for sign in line if (font := self._font(sign)))
        names = ", ".join(f"'{name}'" for name in used or [self.fonts[0].family])
        stroke = ""
        if bold:
            width = round(size * 0.034, 2)
            stroke = f' stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"'
        return (
            f'<text x="{x:g}" y="{y:g}" font-family="{escape(names)}" font-size="{size}" '
            f'fill="{colour}"{stroke}{anchor} xml:space="preserve">{escape(line)}</text>'
        )

    def _shown(self, text: str) -> str:
        """A text without the signs that no font holds, such as emoji, and on one line."""
        kept = (s if s.isspace() or self._font(s) else "" for s in _normal(text))
        return _SPACES.sub(" ", "".join(kept)).strip()

    def _font(self, sign: str) -> _Font | None:
        return next((font for font in self.fonts if ord(sign) in font.widths), None)

    def _width(self, text: str, size: float) -> float:
        """Pixels; never less than what is drawn, as kerning brings letters closer."""
        return sum(font.widths[ord(s)] for s in text if (font := self._font(s))) * size

    def _read(self, file: Path) -> _Font:
        try:
            with self._ttlib.TTFont(file, lazy=True, fontNumber=0) as font:
                em, advance = font["head"].unitsPerEm, font["hmtx"].metrics
                names = font.getBestCmap()
                widths = {code: advance[name][0] / em for code, name in names.items()}
                return _Font(file, str(font["name"].getBestFamilyName()), widths)
        except Exception as error:  # whatever fontTools finds in a file that is no font
            raise NoPicturesError(f"`pictures`: {file.name} can't be read as a font") from error


class _Font:
    """A font: its file, its family's name, and the width of each letter it holds, in em."""

    def __init__(self, file: Path, family: str, widths: dict[int, float]) -> None:
        self.file, self.family, self.widths = file, family, widths


def _regular(family: Any) -> Path | None:
    """The upright file of a family that holds its regular weight."""
    files = (one for one in family.files if one.style == "normal" and one.covers(400))
    return next((Path(one.path) for one in files), None)


def _normal(text: str) -> str:
    """A text without what steers letters and isn't seen, such as a change of direction."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFC", text)
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )


def _goes_left(text: str) -> bool:
    """True where the first letter of a text is of a script that is read from right to left."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((one for one in strong if one in ("L", "R", "AL")), "L") != "L"


def _shapes() -> dict[str, str]:
    """The drawings of the style sheet, by name."""
    found = _SHAPE.findall(asset("look/shapes.css"))
    return {name: unquote(drawing) for name, drawing in found}


def _mark() -> str:
    """The mark of OnRecord; its colour is that of what is around it."""
    file = resources.files("onrecord.site.mkdocs") / "theme/.icons/onrecord/mark.svg"
    return file.read_text(encoding="utf-8")


def _placed(drawing: str, x: float, y: float, size: int, colour: str) -> str:
    """A drawing of 24 by 24 at a place, in a size and a colour."""
    inner = drawing.partition(">")[2].rpartition("</svg>")[0].replace("'black'", f"'{colour}'")
    stroked = (
        "fill='none' stroke='{0}' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'"
    )
    look = stroked.format(colour) if "stroke='black'" in drawing else f"fill='{colour}'"
    return f'<g transform="translate({x:g} {y:g}) scale({size / 24:g})" {look}>{inner}</g>'
