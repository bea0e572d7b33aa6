"""The few changes that an old text needs to mean here what it meant there.

In comes a text with the places of all others; out come its bytes and a note for each kind of
change. A text without such a place keeps every byte:

- `[[links]]` and `![[embeds]]` become links of Markdown, where the folder is one of a tool that
  writes them;
- boxes such as `:::warning` become `> [!WARNING]`, which forges and the site show as a box, and
  `:::mermaid` a fence of that code, which they draw;
- a link that would lead to another team's record of the same name leads to its own.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from onrecord.migration.importing.reading.registry import Registry
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.report import Note, NoteKind
from onrecord.records.reading.folder import ASSET_ENDINGS
from onrecord.records.reading.markdown import code_in, links_in
from onrecord.text.escaping import inline_text
from onrecord.text.slugs import anchor_of

_WIKI = re.compile(
    r"(!?)\[\[(?! )([^\[\]|#^\n]{0,250})(?:[#^]([^\[\]|\n]{0,250}))?"
    r"(?:\|([^\[\]\n]{0,250}))?\]\](?![(\[:])"
)
_SIZE = re.compile(r"\d+(?:x\d+)?")
_BOX = re.compile(r"^( {0,3})(:{3,})[ ]?\{?\.?(?:callout-)?([A-Za-z]+)\}?[ \t]*(.*)$")
_ALERTS = {
    **dict.fromkeys(("note", "info", "abstract", "summary", "details", "secondary"), "NOTE"),
    **dict.fromkeys(("tip", "hint", "success", "check", "example"), "TIP"),
    **dict.fromkeys(("important", "question", "help"), "IMPORTANT"),
    **dict.fromkeys(("warning", "attention", "caution"), "WARNING"),
    **dict.fromkeys(("danger", "error", "failure", "bug"), "CAUTION"),
}
"""The box that forges have for each name that site generators know."""


_DIAGRAM = "mermaid"


@dataclass(frozen=True)
class Surroundings:
    """Where all texts of a run are, there and here, and what else there is at the old place.

    `paths` leads from the place of each text that is imported to its path here. `others` are the
    paths of all records here after the run.
    """

    registry: Registry
    paths: Mapping[str, str]
    assets: Mapping[str, Path]
    others: frozenset[str]
    has_wiki_links: bool

    def asset(self, name: str, by: SourceText) -> str:
        """The place of a file by the name a text gives it, which may be its last part alone."""
        here = posixpath.normpath(posixpath.join(posixpath.dirname(by.place), name))
        for place in (here, name):
            if place in self.assets:
                return place
        called = [x for x in self.assets if posixpath.basename(x) == posixpath.basename(name)]
        return called[0] if len(called) == 1 else ""


def surroundings_of(
    registry: Registry,
    texts: list[SourceText],
    paths: Mapping[str, str],
    assets: Mapping[str, Path],
    others: frozenset[str],
) -> Surroundings:
    """All that rewriting asks. `[[…]]` are links where one of them leads to a text or a file."""
    around = Surroundings(registry, paths, assets, others, has_wiki_links=False)
    for text in texts:
        body = text.body.decode()
        # In a folder where none of them leads anywhere, `[[x]]` is something else, such as a
        # shell's test or a list in a list.
        if any(_leads(found, text, around) for found in _wiki_in(body)):
            return Surroundings(registry, paths, assets, others, has_wiki_links=True)
    return around


def rewritten(text: SourceText, path: str, around: Surroundings) -> tuple[bytes, list[Note]]:
    """The bytes of a text as they are right at its new path, and what was changed."""
    body = text.body.decode()
    done: defaultdict[str, list[str]] = defaultdict(list)
    body = _without_equal_names(body, text, path, around, done["link"])
    if around.has_wiki_links and "[[" in body:
        body = _without_wiki_links(body, text, path, around, done["[[links]]"])
    if ":::" in body:
        body = _without_boxes(body, done["boxes"])
    notes = [
        Note(NoteKind.READ, key, f"{len(said)}", None, f"written as {', '.join(said[:3])}")
        for key, said in done.items()
        if said
    ]
    # Without a change the bytes are those of the file, whatever its line ends.
    return body.encode() if notes else text.body, notes


def _without_equal_names(
    body: str, text: SourceText, path: str, around: Surroundings, said: list[str]
) -> str:
    """Links by a name that another record has here, led to the record that is meant."""
    parts, at = [], 0
    for place, raw in links_in(body):
        address, sign, fragment = raw.partition("#")
        there = posixpath.normpath(posixpath.join(posixpath.dirname(text.place), unquote(address)))
        meant = around.paths.get(there)
        led = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
        # What leads nowhere is named by `check`; this would lead to another record than meant.
        if meant is None or meant == led or led not in around.others or place < at:
            continue
        target = quote(posixpath.relpath(meant, posixpath.dirname(path)))
        said.append(target)
        parts += [body[at:place], target, sign, fragment]
        at = place + len(raw)
    return "".join([*parts, body[at:]])


def _wiki_in(body: str) -> list[re.Match[str]]:
    if "[[" not in body:
        return []
    in_code = code_in(body)
    return [found for found in _WIKI.finditer(body) if not in_code(found.start())]


def _leads(found: re.Match[str], text: SourceText, around: Surroundings) -> bool:
    name = found[2].strip()
    return bool(name) and (
        around.registry.called(name, text) is not None or bool(around.asset(name, text))
    )


def _without_wiki_links(
    body: str, text: SourceText, path: str, around: Surroundings, said: list[str]
) -> str:
    """`[[Name#Heading|words]]` as a link of Markdown; as its words where nobody is called so."""
    parts, at = [], 0
    for found in _wiki_in(body):
        parts += [body[at : found.start()], _as_markdown(found, text, path, around)]
        said.append(parts[-1])
        at = found.end()
    return "".join([*parts, body[at:]])


def _as_markdown(found: re.Match[str], text: SourceText, path: str, around: Surroundings) -> str:
    name, heading = found[2].strip(), (found[3] or "").strip()
    size = found[4] is not None and _SIZE.fullmatch(found[4].strip())
    # Obsidian writes a picture's width where others write its words.
    words = found[4].strip() if found[4] and not size else name.rpartition("/")[2] or heading
    words = inline_text(words)
    fragment = f"#{anchor_of(heading)}" if heading and anchor_of(heading) else ""
    if not name:
        return f"[{words}]({fragment})" if fragment else words
    meant = around.registry.called(name, text)
    if meant is not None and meant.place in around.paths:
        target = posixpath.relpath(around.paths[meant.place], posixpath.dirname(path))
        return f"[{words}]({quote(target)}{fragment})"
    asset = around.asset(name, text)
    if asset:
        target = quote(posixpath.relpath(asset, posixpath.dirname(text.place) or "."))
        is_picture = found[1] and posixpath.splitext(asset)[1].lower() in _PICTURES
        return f"{'!' if is_picture else ''}[{words}]({target})"
    return words


_PICTURES = ASSET_ENDINGS - {".csv", ".mp3", ".mp4", ".ogg", ".ogv", ".pdf", ".txt", ".webm"}


def _without_boxes(body: str, said: list[str]) -> str:
    """`:::warning Title` to `:::` as a quotation that begins with `[!WARNING]`."""
    lines = body.split("\n")
    in_code, offset = code_in(body), 0
    coded = []
    for line in lines:
        coded.append(in_code(offset))
        offset += len(line) + 1
    ends = _ends_of_boxes(lines, lambda at: coded[at])
    made: list[str] = []
    depth: list[int] = []
    fences: set[int] = set()
    for at, line in enumerate(lines):
        while depth and at > depth[-1]:
            depth.pop()
        if depth and at == depth[-1]:
            depth.pop()
            continue
        before = "> " * len(depth)
        if at in fences:
            made.append(f"{before}```" + ("\r" if line.endswith("\r") else ""))
            continue
        found = _BOX.match(line) if at in ends else None
        if found is None:
            made.append(
                f"{before}{line}".rstrip(" ") if before and not line.strip() else before + line
            )
            continue
        end = "\r" if line.endswith("\r") else ""
        if found[3].casefold() == _DIAGRAM:
            said.append("```mermaid")
            made.append(f"{before}```mermaid{end}")
            fences.add(ends[at])
            continue
        kind = _ALERTS[found[3].casefold()]
        said.append(f"[!{kind}]")
        title = found[4].strip().strip("[]").strip()
        # A quotation right below a paragraph would be a part of it.
        if made and made[-1].strip(" >\r"):
            made.append(before.rstrip() + end)
        made.append(f"{before}> [!{kind}]{end}")
        if title:
            made += [f"{before}> **{title}**{end}", f"{before}>{end}"]
        depth.append(ends[at])
    return "\n".join(made)


def _ends_of_boxes(lines: list[str], is_code: Callable[[int], bool]) -> dict[int, int]:
    """The line on which each box begins, by which the line that closes it; others are left."""
    found: dict[int, int] = {}
    open_boxes: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if is_code(at) or not line.lstrip(" ").startswith(":::"):
            continue
        begins = _BOX.match(line.rstrip("\r"))
        if begins and begins[3].casefold() in (*_ALERTS, _DIAGRAM):
            open_boxes.append((at, len(begins[2])))
        # A box that is never closed isn't in the result, and stays as it was written.
        elif re.fullmatch(r" {0,3}:{3,}[ \t]*\r?", line) and open_boxes:
            start, _ = open_boxes.pop()
            found[start] = at
    return found
