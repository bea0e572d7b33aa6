"""Forges: from what mkdocs.yml says to the address that makes a new file."""

from __future__ import annotations

import pytest

from onrecord.forges.hosts import place_of

PATH = "decisions/2027/tea & cake.md"


@pytest.mark.parametrize(
    ("repo", "edit", "named", "address"),
    [
        (
            "https://github.com/n/r/",
            "edit/main/docs/",
            "",
            "https://github.com/n/r/new/main/decisions?filename=2027%2Ftea%20%26%20cake.md&value=a%0A",
        ),
        (
            "https://github.com/n/r",
            "https://github.com/n/r/edit/trunk/team/handbook/docs/",
            "",
            "https://github.com/n/r/new/trunk/team/handbook/decisions"
            "?filename=2027%2Ftea%20%26%20cake.md&value=a%0A",
        ),
        (
            "https://codeberg.org/n/r",
            "_edit/main/docs/",
            "",
            "https://codeberg.org/n/r/_new/main/decisions/?filename=2027%2Ftea%20%26%20cake.md&value=a%0A",
        ),
        (
            "https://gitlab.com/g/s/r",
            "-/edit/main/docs/",
            "",
            "https://gitlab.com/g/s/r/-/new/main/decisions?file_name=2027%2Ftea%20%26%20cake.md",
        ),
        (
            "https://git.example.org/n/r",
            "_edit/main/docs/",
            "",
            "https://git.example.org/n/r/_new/main/decisions/?filename=2027%2Ftea%20%26%20cake.md&value=a%0A",
        ),
        (
            "https://git.example.org/n/r",
            "",
            "gitlab",
            "https://git.example.org/n/r/-/new/main/decisions?file_name=2027%2Ftea%20%26%20cake.md",
        ),
        ("https://git.example.org/n/r", "", "", "https://git.example.org/n/r"),
        ("https://github.com/n/r", "edit/main/docs/", "other", "https://github.com/n/r"),
    ],
)
def test_a_new_file(repo: str, edit: str, named: str, address: str) -> None:
    place = place_of(repo, edit, "docs", named)
    assert place is not None
    assert place.new_file(PATH, {"decisions", "playbooks"}, "a\n") == address


@pytest.mark.parametrize("repo", ["", "javascript:alert(1)", "git@github.com:n/r.git"])
def test_what_is_no_address_is_no_place(repo: str) -> None:
    assert place_of(repo, "edit/main/docs/", "docs") is None


def test_a_folder_that_is_there_is_opened() -> None:
    place = place_of("https://github.com/n/r", "edit/main/docs/", "docs")
    assert place is not None
    found = place.new_file("decisions/2026/x.md", {"decisions", "decisions/2026"})
    assert found.startswith("https://github.com/n/r/new/main/decisions/2026?filename=x.md&")
    found = place.new_file("playbooks/x/index.md", {"decisions"})
    assert found.startswith("https://github.com/n/r/new/main?filename=playbooks%2Fx%2Findex.md&")
