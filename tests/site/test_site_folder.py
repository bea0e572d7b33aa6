"""The folder of a site holds what a build put there, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs import utils
from mkdocs.structure.files import File

from onrecord.records.keeping import Digests
from onrecord.site.mkdocs.rebuild.folder import SiteFolder
from onrecord.site.mkdocs.rebuild.unchanged import listing_of

Held = dict[str, bytes]


def put_into(folder: Path, files: Held) -> SiteFolder:
    """One build that puts these files."""
    site = SiteFolder(folder, listing_of(folder, Digests()))
    for path, data in files.items():
        site.put(path, data)
    site.tidy()
    assert site.listing == listing_of(folder, Digests())
    site.end()
    return site


def held_in(folder: Path) -> Held:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


NAMES = ("a", "b", "a/b", "a/b/c", "b/a", "b/.c", "c/d/e")


def fitting(paths: list[str]) -> list[str]:
    """Those that can be files beside each other."""
    return [one for one in paths if not any(other.startswith(f"{one}/") for other in paths)]


builds = st.lists(
    st.builds(
        lambda paths, data: dict.fromkeys(fitting(paths), data),
        st.lists(st.sampled_from(NAMES), unique=True),
        st.sampled_from((b"", b"one", b"two")),
    ),
    max_size=5,
)


@given(builds)
def test_after_any_builds_it_holds_what_the_last_one_put(
    tmp_path_factory: pytest.TempPathFactory, given_builds: list[Held]
) -> None:
    folder = tmp_path_factory.mktemp("site")
    for files in given_builds:
        put_into(folder, files)
        assert held_in(folder) == files
        assert all(any(one.iterdir()) for one in folder.rglob("*") if one.is_dir())


def test_a_file_that_is_right_is_not_written_and_a_changed_one_is(tmp_path: Path) -> None:
    files = {"right.html": b"same", "changed.html": b"same", "gone.html": b"same"}
    put_into(tmp_path, files)
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    (tmp_path / "changed.html").write_bytes(b"evil")
    os.utime(tmp_path / "changed.html", (1, 1))
    (tmp_path / "gone.html").unlink()
    put_into(tmp_path, files)
    assert held_in(tmp_path) == files
    assert (tmp_path / "right.html").stat().st_mtime == 1
    assert (tmp_path / "changed.html").stat().st_mtime != 1


def test_hidden_files_at_the_top_stay_as_mkdocs_has_it(tmp_path: Path) -> None:
    (tmp_path / ".nojekyll").write_bytes(b"")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_bytes(b"theirs")
    put_into(tmp_path, {"index.html": b"1"})
    put_into(tmp_path, {})
    assert held_in(tmp_path) == {".nojekyll": b"", ".git/config": b"theirs"}


def test_where_a_link_is_mkdocs_empties_the_folder(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to("/etc/hosts")
    assert listing_of(tmp_path, Digests()) is None
    site = SiteFolder(tmp_path, listing_of(tmp_path, Digests()))
    assert site.listing is None
    site.tidy()
    assert (tmp_path / "link.html").is_symlink()


@pytest.fixture
def ways() -> Iterator[tuple[object, ...]]:
    yield (before := (utils.clean_directory, utils.write_file, File.copy_file))
    assert (utils.clean_directory, utils.write_file, File.copy_file) == before


def test_mkdocs_gets_its_ways_back(ways: tuple[object, ...], tmp_path: Path) -> None:
    site = SiteFolder(tmp_path, {})
    assert utils.clean_directory is not ways[0]
    utils.write_file(b"1", str(tmp_path / "a/index.html"))
    utils.write_file(b"2", str(tmp_path.parent / "elsewhere.html"))
    assert site.listing is not None
    assert [*site.listing] == ["a", "a/index.html"]
    assert (tmp_path.parent / "elsewhere.html").read_bytes() == b"2"
    site.end()
    site.end()
