"""The plan of an import: what would be written, and the report that goes with it.

In come a folder, the knowledge base and a person's options; nothing is written. The same folder
gives the same plan, and what an earlier run brought in is recognised by where it came from.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from onrecord.migration.importing.deciding.cases import Case, Options
from onrecord.migration.importing.deciding.identity import (
    Identity,
    SinceImport,
    change_of,
    is_untouched,
)
from onrecord.migration.importing.deciding.standing import decide, tie
from onrecord.migration.importing.items import RunFacts, item_of
from onrecord.migration.importing.names import Names
from onrecord.migration.importing.pictures import pictures, renewed
from onrecord.migration.importing.reading import formats
from onrecord.migration.importing.reading.days import (
    GitDays,
    Order,
    day_in,
    order_of,
    order_of_form,
)
from onrecord.migration.importing.reading.found import Format
from onrecord.migration.importing.reading.logs import parts_of
from onrecord.migration.importing.reading.outline import words_of
from onrecord.migration.importing.reading.registry import Registry
from onrecord.migration.importing.reading.source import SourceText, origin_of, read_folder
from onrecord.migration.importing.reading.titles import named_by_file, titles_of
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Report, left_items
from onrecord.migration.importing.rewriting import rewritten, surroundings_of
from onrecord.records.disk import read_file
from onrecord.records.languages import folded, is_foreign
from onrecord.records.library import Library
from onrecord.records.model import Decision
from onrecord.text.progress import Progress, silent


def plan_import(
    start: Path, root: Path, library: Library, options: Options, progress: Progress = silent
) -> Report:
    """What becomes of every file at `start`, in the knowledge base at `root`."""
    folder = read_folder(start, progress)
    name = origin_of(start, root)
    items = left_items(name, folder.left)
    cases: list[Case] = []
    texts: list[SourceText] = []
    for text in progress("Reading headings", folder.texts):
        parts = parts_of(text) if options.format in (None, Format.LOG) else ()
        texts += parts or [text]
        if parts:
            items.append(_log(posixpath.join(name, text.place), text, parts))
    for text in progress("Recognising records", texts):
        source = posixpath.join(name, text.place)
        form = formats.format_of(text)
        # The form that was asked for counts for what shows none, but prose is no log and no KEP.
        if form == formats.NO_MARKS and options.format not in (None, Format.KEP, Format.LOG):
            form = options.format
        elif isinstance(form, Format) and form not in (Format.KEP, Format.LOG):
            form = options.format or form
        if isinstance(form, Format) and (form is not Format.KEP or text.beside):
            cases.append(Case(text, formats.read(text, form), source))
        else:
            reason = form if not isinstance(form, Format) else "there is no kep.yaml beside it"
            items.append(ImportedFile(source, FileOutcome.SKIP, reason=reason))
    _title(cases)
    known = Identity(library.decisions, is_own=start.resolve().is_relative_to(root))
    _place(cases, library, options, root, known, name)
    registry = Registry(case.text for case in cases)
    # Only now is each record's path known, and so its id. Where one stands needs its successors,
    # and links need the paths of all.
    decide(cases, registry, options)
    tie(cases)
    _rewrite(cases, registry, folder.assets, library, progress)
    with GitDays((start if start.is_dir() else start.parent).resolve()) as git:
        run = RunFacts(root, library, options, _order(cases, folder.texts), git, folder.assets)
        records = [item_of(case, run) for case in progress("Planning records", cases)]
    beside = list(pictures(cases, folder.assets, name, root, is_update=options.is_update))
    items += [*renewed(cases, records, beside, folder.assets, root), *beside]
    return Report(tuple(sorted(items, key=lambda item: posixpath.split(item.source))))


def _log(source: str, text: SourceText, parts: tuple[SourceText, ...]) -> ImportedFile:
    """What the report says of a log itself."""
    own = sum(1 for line in text.body.splitlines() if line.strip())
    cut = sum(1 for part in parts for line in part.body.splitlines() if line.strip())
    left = "; what is outside them stays there" if own > cut else ""
    reason = f"a log: {len(parts)} decisions are cut out of it{left}"
    return ImportedFile(source, FileOutcome.SKIP, reason=reason)


def _order(cases: list[Case], texts: tuple[SourceText, ...]) -> tuple[Order | None, str]:
    """How figures with slashes are ordered in this folder, and what says so."""
    dates = [f for case in cases for f in (case.found.date, case.found.created) if f]
    # From the surest to the weakest: figures that only one order allows, then the form, then the
    # language. Without any of them 03/04/2021 is left to a person.
    if order := order_of(day_in(fact.words) for fact in dates):
        return order, "the only order in which every file here holds a day"
    labels = [label for text in texts for label in text.outline.labels]
    shapes = {o for label in labels if (o := order_of_form(label.value)) is not None}
    if len(shapes) == 1:
        return shapes.pop(), "as the form in this folder writes it"
    said = {folded(label.name) for label in labels}
    said |= {
        folded(words_of(h.title)) for text in texts for h in text.outline.headings if h.level > 1
    }
    if is_foreign(said):
        return Order.DAY_FIRST, "as the language of the files writes it"
    return None, ""


def _title(cases: list[Case]) -> None:
    """One title for three records, or for half of few, has been read wrongly.

    Then the next candidate is taken for each, unless its file's name says the same.
    """
    candidates = {id(case): titles_of(case.text) for case in cases}
    for case in cases:
        first = candidates[id(case)][:1]
        case.title = case.found.title if case.text.beside else first[0] if first else None
    # The next candidate may be shared too.
    for _ in range(4):
        same: defaultdict[str, list[Case]] = defaultdict(list)
        for case in cases:
            if case.title is not None and case.title.line:
                same[folded(case.title.words)].append(case)
        for title, group in same.items():
            # Two of many may well have the same title.
            if len(group) < 2 or (len(group) == 2 and len(cases) > 4):
                continue
            said = set(re.findall(r"\w+", title))
            for case in group:
                named = set(re.findall(r"\w+", folded(named_by_file(case.text))))
                # The file's name and the title agree: then it is the title, however many have it.
                if case.text.beside or named & said:
                    continue
                found = candidates[id(case)]
                at = found.index(case.title) if case.title in found else -1
                case.title = next(
                    (x for x in found[at + 1 :] if folded(x.words) != title), case.title
                )


def _place(
    cases: list[Case], library: Library, options: Options, root: Path, known: Identity, origin: str
) -> None:
    """Find what is here already, and give the others their paths."""
    names = Names(options.into, library.decision)
    taken: set[str] = set()

    def meets(case: Case, present: Decision | None) -> None:
        if present is not None:
            taken.add(present.path)
            case.present, case.change = present, change_of(present, case.text, root)
            case.is_kept = not (options.is_update and _may_change(case, root))

    for case in cases:
        meets(case, known.of(case.text, case.source, taken))
    here = {case.source for case in cases}
    for case in cases:
        if case.present is None:
            meets(case, known.moved(case.text, origin, here, taken))
    for case in cases:
        # Two teams may both have docs/adr/0001-….md; an address can lead to one of the two.
        case.has_alias = case.present is not None or not known.is_taken(case.source)
    for case in cases:
        case.path = case.present.path if case.present else names.path_for(case.text)
        case.id = posixpath.basename(case.path).removesuffix(".md")


def _rewrite(
    cases: list[Case],
    registry: Registry,
    assets: Mapping[str, Path],
    library: Library,
    progress: Progress,
) -> None:
    """The bytes of each record that will be written, with the links that would mislead."""
    paths = {case.text.place: case.path for case in cases}
    others = frozenset({*library.by_path, *paths.values()})
    texts = [case.text for case in cases]
    around = surroundings_of(registry, texts, paths, assets, others)
    for case in progress("Resolving links", cases):
        case.body, case.changes = case.text.body, []
        if not case.is_kept:
            case.body, case.changes = rewritten(case.text, case.path, around)


def _may_change(case: Case, root: Path) -> bool:
    """True for a record that an update may write anew: nobody edited it, and there is a reason."""
    present = case.present
    if present is None or present.imported is None:
        return False
    if case.change is SinceImport.NOTHING and not present.unsettled:
        return False
    try:
        data = read_file(root / present.path)
    except OSError:
        return False
    return is_untouched(data, present.imported.digest)
