"""Writing an export: into an empty folder all at once, into one of an earlier export file by file.

In comes the tree; out come files. A marker names each file that was written, with its digest, so
that a later export knows its own. What it didn't write it neither changes nor deletes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

MARKER = ".onrecord-export.json"
_MOST_NAMED = 5


class ExportRefused(Exception):
    """The folder can't be written to; the words say why, and what to do."""


def write_export(folder: Path, files: Mapping[str, str | Path], force: bool = False) -> None:
    """Write the files. Raises `ExportRefused`, with nothing written, and `OSError`."""
    known = _known(folder)
    if known is None and folder.exists() and any(folder.iterdir()):
        raise ExportRefused(
            f"{folder} isn't empty, and no export made it; name a folder that isn't there yet"
        )
    changed = _changed(folder, known or {}, files)
    if changed and not force:
        more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
        raise ExportRefused(
            f"changed by hand since the last export: {', '.join(changed[:_MOST_NAMED])}{more}; "
            "--force writes over them"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        digests = _stage(staged, files)
        if known is None:
            staged.chmod(0o777 & ~_umask())
            _mark(staged, digests)
            if folder.exists():
                folder.rmdir()  # it is empty
            staged.replace(folder)
            return
        # Both are named until all is done: an export cut short is mended by the next one.
        _mark(folder, known | digests)
        for path in digests:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (staged / path).replace(target)
        _remove(folder, [path for path in known if path not in digests])
        _mark(folder, digests)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _known(folder: Path) -> dict[str, str] | None:
    """The files of the last export with their digests; None when no export made the folder."""
    try:
        found = json.loads((folder / MARKER).read_bytes())["files"]
        return {str(path): str(digest) for path, digest in found.items() if _is_below(path)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_below(path: str) -> bool:
    """True for a path that can't lead out of the folder."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\0" not in path


def _changed(folder: Path, known: Mapping[str, str], files: Mapping[str, str | Path]) -> list[str]:
    """Files in the way: of the last export and changed since, or of somebody else."""
    found = []
    for path in sorted({*known, *files}):
        try:
            digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        except OSError:
            continue
        if digest != known.get(path):
            found.append(path)
    return found


def _stage(staged: Path, files: Mapping[str, str | Path]) -> dict[str, str]:
    digests = {}
    for path, content in files.items():
        data = content.read_bytes() if isinstance(content, Path) else content.encode()
        target = staged / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        digests[path] = hashlib.sha256(data).hexdigest()
    return digests


def _mark(folder: Path, digests: Mapping[str, str]) -> None:
    text = json.dumps({"made_by": "onrecord export", "files": digests}, indent=1, sort_keys=True)
    temporary = folder / f"{MARKER}.new"
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(folder / MARKER)


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Files of the last export that this one hasn't, and the folders that this empties."""
    for path in paths:
        target = folder / path
        target.unlink(missing_ok=True)
        for parent in target.relative_to(folder).parents:
            if parent == Path() or any((folder / parent).iterdir()):
                break
            (folder / parent).rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
