"""Writing an export: into an empty folder all at once, into one of an earlier export file by file.

In comes the tree; out come files. A marker names each file that was written, with its digest, so
that a later export knows its own. What it didn't write it neither changes nor deletes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from onrecord.records.disk import TEMPORARY, alone_in, is_link, place, put_file, read_file

DOCS, MKDOCS, README = "docs", "mkdocs.yml", "README.md"
"""All that an export writes: these files, and what is in this folder."""
MARKER = ".onrecord-export.json"
_MOST_NAMED = 5
_IGNORED = ".gitignore"


class ExportRefused(Exception):
    """The folder can't be written to; the words say why, and what to do."""


def write_export(folder: Path, files: Mapping[str, str | Path], force: bool = False) -> None:
    """Write the files. Raises `ExportRefused`, with nothing written, and `OSError`."""
    if is_link(folder):
        raise ExportRefused(f"{folder} is a symbolic link; name the folder itself")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(folder.parent):
        _write(folder, files, force)


def _write(folder: Path, files: Mapping[str, str | Path], force: bool) -> None:
    known = _known(folder)
    if known is None and folder.exists() and any(folder.iterdir()):
        raise ExportRefused(
            f"{folder} isn't empty, and no export made it; name a folder that isn't there yet"
        )
    # All of them before anything is written: a refusal must leave the folder as it was.
    for path in (*(known or {}), *files):
        try:
            if is_link(place(folder, path)):
                raise ExportRefused(f"{folder / path} is a symbolic link; take it out")
        except OSError as error:
            raise ExportRefused(f"{folder}: {error.strerror}") from None
    for one in folder.glob(f"{TEMPORARY}-*"):  # a marker that wasn't whole yet
        one.unlink()
    changed = _changed(folder, known or {}, files)
    if changed and not force:
        more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
        raise ExportRefused(
            f"changed by hand since the last export: {', '.join(changed[:_MOST_NAMED])}{more}; "
            "--force writes over them"
        )
    # Beside the folder, so that it is on the same disk and moves in one step.
    staged = folder.parent / f".{folder.name}{TEMPORARY}"
    _clear(staged)  # what an export that was killed has left: no other one runs in this folder
    try:
        staged.mkdir()
        # What a kill leaves behind says to git that it is nothing to be kept.
        (staged / _IGNORED).write_text("*\n", encoding="utf-8")
        digests = _stage(staged, files)
        if known is None:
            _mark(staged, digests)
            (staged / _IGNORED).unlink()
            if folder.exists():
                folder.rmdir()  # it is empty
            staged.replace(folder)
            return
        # Both are named until all is done: an export cut short is made whole by the next one.
        _mark(folder, digests, known)
        for path in digests:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (staged / path).replace(target)
        _remove(folder, [path for path in known if path not in digests])
        _mark(folder, digests)
    finally:
        _clear(staged)


def _clear(staged: Path) -> None:
    """Take a staging folder away, last of all what keeps git from taking it in."""
    if is_link(staged):
        staged.unlink()
    elif staged.is_dir():
        for one in staged.iterdir():
            if one.is_dir() and not is_link(one):
                shutil.rmtree(one, ignore_errors=True)
        shutil.rmtree(staged, ignore_errors=True)


def _known(folder: Path) -> dict[str, frozenset[str]] | None:
    """The files of the last export with their digests, two where it was cut short.

    None when no export made the folder.
    """
    try:
        marker = json.loads(read_file(folder / MARKER))
        known: dict[str, frozenset[str]] = {}
        for found in (marker["files"], marker.get("replaced", {})):
            for path, digests in found.items():
                if _is_ours(path):
                    several = digests if isinstance(digests, list) else [digests]
                    known[path] = known.get(path, frozenset()) | set(map(str, several))
        return known
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_ours(path: str) -> bool:
    """True for a path that an export writes; a marker that names another was made by hand."""
    parts = PurePosixPath(path).parts
    odd = {"..", "."} & set(path.split("/")) or "\0" in path or "\\" in path
    return not odd and (path in (MKDOCS, README) or (len(parts) > 1 and parts[0] == DOCS))


def _changed(
    folder: Path, known: Mapping[str, frozenset[str]], files: Mapping[str, str | Path]
) -> list[str]:
    """Files in the way: of the last export and changed since, or of somebody else."""
    found = []
    for path in sorted({*known, *files}):
        try:
            digest = hashlib.sha256(read_file(folder / path)).hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:  # a folder or a pipe
            digest = ""
        if digest not in known.get(path, ()):
            found.append(path)
    return found


def _stage(staged: Path, files: Mapping[str, str | Path]) -> dict[str, str]:
    digests = {}
    for path, content in files.items():
        data = read_file(content) if isinstance(content, Path) else content.encode()
        target = staged / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        digests[path] = hashlib.sha256(data).hexdigest()
    return digests


def _mark(
    folder: Path, digests: Mapping[str, str], replaced: Mapping[str, frozenset[str]] | None = None
) -> None:
    marker: dict[str, object] = {"made_by": "onrecord export", "files": digests}
    if replaced:
        marker["replaced"] = {path: sorted(known) for path, known in replaced.items()}
    text = json.dumps(marker, indent=1, sort_keys=True)
    put_file(folder / MARKER, [text.encode() + b"\n"])


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Files of the last export that this one hasn't, and the folders that this empties."""
    for path in paths:
        target = folder / path
        target.unlink(missing_ok=True)
        for parent in target.relative_to(folder).parents:
            if parent == Path() or any((folder / parent).iterdir()):
                break
            (folder / parent).rmdir()
