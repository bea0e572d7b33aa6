"""What the command line reads of mkdocs.yml: as text, so nothing in it is ever run."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.records.settings import MkdocsFile, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("theme: {name: material, language: de-CH}", "german"),
        ("theme: {language: no}", "norwegian"),
        ("theme: material", "english"),
        ("theme: [language, de]", "english"),
        ("x: !!python/name:material.emoji\ntheme: {language: fr}", "french"),
        ("theme: {language: [", "english"),
        ("- a list", "english"),
        ("\0", "english"),
        ("", "english"),
    ],
)
def test_the_language_of_a_site(tmp_path: Path, text: str, language: str) -> None:
    (tmp_path / "mkdocs.yaml").write_text(text)
    assert language_of(tmp_path) == language


def test_a_folder_without_a_site_says_nothing(tmp_path: Path) -> None:
    assert language_of(tmp_path) == "english"
    assert MkdocsFile.read(tmp_path).word("extra", "onrecord", "home") == ""


def test_the_file_that_mkdocs_takes_is_the_one_read(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yaml").write_text("docs_dir: no")
    (tmp_path / "mkdocs.yml").write_text("docs_dir: pages\nuse_directory_urls: No")
    team = MkdocsFile.read(tmp_path)
    assert team.word("docs_dir") == "pages"
    assert team.says_no("use_directory_urls")
    assert not team.says_no("docs_dir")


@pytest.mark.parametrize(
    ("text", "page", "url"),
    [
        ("", "decisions/pay.md", ""),
        ("site_url: !ENV SITE_URL", "decisions/pay.md", ""),
        ("site_url: https://x.org/kb/", "decisions/pay.md", "https://x.org/kb/decisions/pay/"),
        ("site_url: https://x.org", "decisions/ä b.md", "https://x.org/decisions/%C3%A4%20b/"),
        ("site_url: https://x.org", "playbooks/pay/index.md", "https://x.org/playbooks/pay/"),
        ("site_url: https://x.org", "index.md", "https://x.org/"),
        (
            "site_url: https://x.org\nuse_directory_urls: false",
            "decisions/pay.md",
            "https://x.org/decisions/pay.html",
        ),
        (
            "site_url: https://x.org\nuse_directory_urls: false",
            "playbooks/pay/index.md",
            "https://x.org/playbooks/pay/index.html",
        ),
    ],
)
def test_the_address_of_a_page_from_outside(text: str, page: str, url: str) -> None:
    assert MkdocsFile(text).url_of(page) == url
