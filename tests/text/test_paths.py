"""Globs: what they mean, against the plainest way to say it."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as some

from onrecord.text.paths import covers, is_glob


@pytest.mark.parametrize(
    ("glob", "path", "meant"),
    [
        ("src/**", "src/a/b.py", True),
        ("src/**", "src", True),
        ("src", "src/a/b.py", True),
        ("src/", "src/a", True),
        ("/src", "src/a", True),
        ("src/pay", "src/payroll", False),
        ("src/*.py", "src/a/b.py", False),
        ("src/*", "src/a/b.py", True),  # the folder src/a, and so what is in it
        ("src/**/b.py", "src/b.py", True),
        ("*.py", "deep/in/a.py", True),
        ("/*.py", "deep/a.py", False),
        ("/*.py", "a.py", True),
        ("**", "anything", True),
        ("a/**/b/**/c", "a/x/b/b/y/c", True),
        ("SRC/**", "src/a", False),
        ("a[bc]?", "ab1", True),
    ],
)
def test_a_glob_means_paths(glob: str, path: str, meant: bool) -> None:
    assert is_glob(glob)
    assert covers(glob, path) is meant


@pytest.mark.parametrize(
    "text", ["", "/", "../x", "a/../b", "a//b", "a\\b", "a\nb", ".", "x" * 2_000]
)
def test_what_is_no_glob(text: str) -> None:
    assert not is_glob(text)


def plainly(parts: list[str], names: list[str]) -> bool:
    if not parts:
        return True  # what is below belongs to it
    if parts[0] == "**":
        return any(plainly(parts[1:], names[at:]) for at in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], parts[0]) and plainly(parts[1:], names[1:])


@given(
    some.lists(some.sampled_from(["**", "a", "b", "*", "a*"]), min_size=2, max_size=6),
    some.lists(some.sampled_from(["a", "b", "ab"]), min_size=1, max_size=6),
)
def test_it_agrees_with_the_plainest_way(parts: list[str], names: list[str]) -> None:
    assert covers("/".join(parts), "/".join(names)) is plainly(parts, names)


def test_no_glob_takes_long() -> None:
    assert not covers("/".join(["**", "a"] * 60 + ["b"]), "/".join(["a"] * 400))
    assert not covers("*a" * 200 + "b", "a" * 900)
