"""A build of what was built before leaves the site alone, and sees all that was changed there."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from building import Base, Site
from mkdocs.exceptions import Abort

from onrecord.records.keeping import Kept, digests, secret_of_user
from onrecord.site.mkdocs.rebuild.unchanged import AT_WORK, LastBuild

OPTIONS: dict[str, Any] = {
    "site_name": "Northwind",
    "theme": {"name": "material", "font": False, "custom_dir": "overrides"},
    "hooks": ["hooks/mkdocs_events.py"],
    "plugins": [],
    "markdown_extensions": ["attr_list"],
    "extra": {"onrecord": {"search": False}},
}
DECISION = f"""---
title: Buy a boat
stage: review
owner: alice
---

# Buy a boat

## Problem

See [the tool](../tools/boat.py) and [what isn't there](../tools/absent.py), nor can
[be](../tools/{"long" * 99}.py).
"""
LEFT_ALONE = "Nothing has changed since the last build"
TODAY = "2026-10-10"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    here = tmp_path_factory.mktemp("unchanged")
    base = Base(here / "base")
    base.write("decisions/buy-a-boat.md", DECISION)
    base.write("docs/index.md", "# Home\n\nSee [nothing](nothing.md).\n")
    base.write("tools/boat.py", "")
    base.write("overrides/partials/copyright.html", "<p>1</p>\n")
    base.configure(OPTIONS)
    _git(base, "init", "-q")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_CACHE", str(here / "cache"))
        # The disk's times are believed at once; builds lie between two changes.
        patch.setattr(digests, "SETTLED", -(10**18))
        yield base


def _git(base: Base, *words: str) -> None:
    who = ["-c", "user.name=Alice", "-c", "user.email=alice@example.org"]
    subprocess.run(["git", "-C", str(base.root), *who, *words], check=True, capture_output=True)


def held(site: Site) -> dict[str, bytes | None]:
    """What a site holds, empty folders included."""
    return {
        path.relative_to(site.folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(site.folder.rglob("*"))
    }


def anew(base: Base, today: str = TODAY) -> Site:
    """The site as a build without a cache makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_CACHE", "")
        return base.build("without", today)


def test_nothing_is_written_and_the_same_is_warned_of(
    base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    first = base.build()
    before = {path: path.stat() for path in first.folder.rglob("*")}
    for path in before:
        os.utime(path, (1, 1))  # a copy of the folder has other times
    with caplog.at_level("INFO", "mkdocs"):
        again = base.build()
    assert LEFT_ALONE in caplog.text
    assert {path: path.stat().st_ino for path in again.folder.rglob("*")} == {
        path: stat.st_ino for path, stat in before.items()
    }
    assert {path.stat().st_mtime for path in again.folder.rglob("*")} == {1}
    assert first.warnings
    assert again.warnings == first.warnings
    with pytest.raises(Abort):
        base.build(strict=True)
    assert held(again) == held(anew(base))


def _change_a_page(site: Path) -> None:
    page = site / "index.html"
    before = page.stat()
    page.write_bytes(page.read_bytes().replace(b"Home", b"Hole"))  # of the same length
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))


BY_HAND: dict[str, Callable[[Path], object]] = {
    "a page": _change_a_page,
    "one less": lambda site: (site / "records.json").unlink(),
    "one more": lambda site: (site / "assets/more.txt").write_text("more"),
    "a folder": lambda site: (site / "empty").mkdir(),
    "a link": lambda site: (site / "link.html").symlink_to(site / "index.html"),
    "a name": lambda site: (site / "index.html").rename(site / "other.html"),
}


@pytest.mark.parametrize("what", BY_HAND)
def test_what_somebody_changed_in_the_site_comes_back_right(what: str, base: Base) -> None:
    site = base.build()
    right = held(site)
    BY_HAND[what](site.folder)
    assert held(site) != right
    assert held(base.build()) == right


def test_what_mkdocs_leaves_in_the_site_counts_for_nothing(
    base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    site = base.build()
    (site.folder / ".git").write_text("gitdir: elsewhere")
    with caplog.at_level("INFO", "mkdocs"):
        base.build()
    assert LEFT_ALONE in caplog.text
    assert (site.folder / ".git").exists()
    (site.folder / ".git").unlink()


def _commit(base: Base) -> None:
    _git(base, "add", "-A", "decisions")
    _git(base, "commit", "-q", "-m", "Propose it")


CHANGES: dict[str, Callable[[Base], object]] = {
    "text": lambda base: base.write("decisions/buy-a-boat.md", f"{DECISION}More.\n"),
    "file": lambda base: base.write("decisions/sell-a-boat.md", DECISION),
    "beside": lambda base: base.write("docs/a/b.txt", "b"),
    "override": lambda base: base.write("overrides/partials/copyright.html", "<p>2</p>\n"),
    "option": lambda base: base.configure({**OPTIONS, "site_name": "Southwind"}),
    "excluded": lambda base: base.configure({**OPTIONS, "exclude_docs": "a/\n"}),
    "linked": lambda base: base.write("tools/absent.py", ""),
    "unlinked": lambda base: (base.root / "tools/boat.py").unlink(),
    "agents": lambda base: base.write("AGENTS.md", "# For agents\n"),
    "history": _commit,
}


def test_each_change_is_seen_and_so_is_that_it_was_taken_back(
    base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    for what, change in CHANGES.items():
        base.build()
        change(base)
        caplog.clear()
        with caplog.at_level("INFO", "mkdocs"):
            site = base.build()
        assert LEFT_ALONE not in caplog.text, what
        assert held(site) == held(anew(base)), what
    # The state of the first build, but not the site of it.
    base.configure(OPTIONS)
    base.write("decisions/buy-a-boat.md", DECISION)
    (base.root / "decisions/sell-a-boat.md").unlink()
    assert held(base.build()) == held(anew(base))


def test_another_day_is_another_site(base: Base, caplog: pytest.LogCaptureFixture) -> None:
    base.build()
    with caplog.at_level("INFO", "mkdocs"):
        site = base.build(today="2026-12-01")
    assert LEFT_ALONE not in caplog.text
    assert held(site) == held(anew(base, "2026-12-01"))
    base.build(today="2026-12-01")  # a clock may be set back
    assert held(base.build()) == held(anew(base))


def test_who_lacks_the_secret_can_not_say_what_was_left(base: Base) -> None:
    site = base.build()
    right = held(site)
    cache = Path(os.environ["ONRECORD_CACHE"])
    true, forged = Kept(cache, "site", secret_of_user()), Kept(cache, "site", b"another")
    rows: Any = true._rows
    for kind, key in rows.execute("SELECT kind, key FROM kept WHERE kind = 'site'").fetchall():
        data = true.read(kind, key)
        assert data is not None
        listing, *rest = msgspec.msgpack.decode(data)
        page = site.folder / "index.html"
        page.write_bytes(page.read_bytes() + b"<script>evil()</script>")
        listing["index.html"] = b"\0" * 16
        forged.write(kind, key, msgspec.msgpack.encode([listing, *rest]))
    true.close()
    forged.close()
    assert held(base.build()) == right


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_after_two_builds_at_once_or_a_killed_one_the_site_is_made(
    when: str, base: Base, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (base.build().folder / "index.html").unlink()
    keep = LastBuild.keep

    def another_begins(self: LastBuild, *given: Any) -> None:
        kept = Kept(Path(os.environ["ONRECORD_CACHE"]), "site", secret_of_user())
        kept.write(AT_WORK, self._place, b"another")
        kept.close()
        if when == "meanwhile":
            (self._site / "index.html").unlink()  # it has begun to empty the folder
        keep(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(LastBuild, "keep", another_begins)
        base.write("docs/index.md", f"# Home\n\n{when}\n")  # no build has been of this
        base.build()
    if when == "before":
        (base.root / "site/index.html").unlink()  # as the one that was killed left it
        base.write("docs/index.md", "# Home\n\nAnother.\n")
        base.build()
    with caplog.at_level("INFO", "mkdocs"):
        site = base.build()
    assert LEFT_ALONE not in caplog.text
    assert held(site) == held(anew(base))
    base.build()
    with caplog.at_level("INFO", "mkdocs"):
        base.build()
    assert LEFT_ALONE in caplog.text


def test_where_somebody_else_takes_part_the_site_is_made(
    base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    base.write("hooks/theirs.py", "def on_pre_build(config):\n    pass\n")
    base.configure({**OPTIONS, "hooks": [*OPTIONS["hooks"], "hooks/theirs.py"]})
    with caplog.at_level("INFO", "mkdocs"):
        base.build()
        base.build()
    base.configure(OPTIONS)
    assert LEFT_ALONE not in caplog.text
    assert "can't tell whether this has changed: the hook hooks/theirs.py" in caplog.text


READS = """
import os, sys
root, seen = os.path.realpath(sys.argv[1]), set()
def hear(event, args):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(args[0], str):
        seen.add(os.path.relpath(os.path.realpath(args[0]), root))
os.chdir(root)
sys.addaudithook(hear)
from mkdocs.__main__ import cli
cli(["build", "--quiet", "--site-dir", sys.argv[2]], standalone_mode=False)
print(*sorted(seen), sep="\\n")
"""


def test_a_build_reads_nothing_of_the_base_but_what_it_compares(base: Base, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READS, str(base.root), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"ONRECORD_CACHE": ""},
    )
    read = {path.partition(os.sep)[0] for path in done.stdout.splitlines()}
    known = {"decisions", "docs", "hooks", "mkdocs.yml", "overrides", "playbooks"}
    there = {path.name for path in base.root.iterdir()}
    assert {"decisions", "docs", "mkdocs.yml"} <= read
    assert read & there <= known


def test_after_a_quiet_build_the_next_one_warns_of_all(base: Base) -> None:
    """`mkdocs build --quiet` hears of nothing, and a strict build must fail all the same."""
    log = logging.getLogger("mkdocs")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        assert base.build("quiet", today=TODAY).warnings == []
    finally:
        log.setLevel(level)
    assert base.build("quiet", today=TODAY).warnings
