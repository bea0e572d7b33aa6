"""The policy in every page's head: what it trusts, what it allows, and what it says it refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from building import PLAIN, Base, Site
from mkdocs.exceptions import Abort

from onrecord.site.policy import SitePolicy, WrongPolicyError, option_of, with_policy

RICH = {
    **PLAIN,
    "theme": {
        "name": "material",
        "font": False,
        "palette": [{"scheme": "default"}, {"scheme": "slate"}],
        "features": ["navigation.instant", "content.tabs.link"],
    },
}
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def base_with(root: Path, csp: Any = None, **more: Any) -> Base:
    base = Base(root)
    base.configure({**RICH, **more, "extra": {"onrecord": {} if csp is None else {"csp": csp}}})
    base.write("playbooks/it-lead/index.md", "---\ntitle: IT\npurpose: P.\nholder: bob\n---\n")
    base.write(
        "decisions/2026/one.md",
        "---\ntitle: One\nstage: assess\nowner: it-lead\naliases: [old/one.md]\n---\n\nText.\n",
    )
    base.write("docs/index.md", "# Home\n\nText.\n")
    return base


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return base_with(tmp_path_factory.mktemp("rich")).build(strict=True)


def test_every_page_has_a_policy_first_in_its_head(rich: Site) -> None:
    policies = set()
    pages = [*rich.pages()]
    assert "404.html" in {page.url for page in pages}
    for page in pages:
        head = page.source.partition("<head>")[2]
        before = head.partition("<meta http-equiv=")[0]
        assert re.fullmatch(r'\s*<meta charset="utf-8">\s*', before), page.url
        found = META.findall(page.source)
        assert len(found) == 1, page.url
        policies |= set(found)
    # One for the whole site, and one for what only leads elsewhere.
    assert len(policies) == 2
    assert not any("'unsafe-inline'" in one.partition("style-src-attr")[0] for one in policies)


def test_no_script_of_the_theme_is_refused(rich: Site) -> None:
    policy = SitePolicy()
    (text,) = {META.findall(page.source)[0] for page in rich.pages() if "script-src" in page.source}
    policy.scripts = set(re.findall(r"'sha256-[^']*'", text))
    for page in rich.pages():
        assert list(policy.refused(page.source)) == [], page.url
    assert list(policy.refused("<p><script>theirs()</script>")) == ["theirs()"]


def test_an_inline_script_nobody_trusts_is_said_and_stops_a_strict_build(tmp_path: Path) -> None:
    base = base_with(tmp_path, theme={**RICH["theme"], "custom_dir": "theme"})
    base.write(
        "theme/main.html",
        '{% extends "base.html" %}{% block extrahead %}<script>ours()</script>'
        "{% if page.content %}<script>data({{ page.title | tojson }})</script>{% endif %}"
        "{% endblock %}",
    )
    with pytest.raises(Abort):
        base.build(strict=True)
    site = base.build()
    refused = [one for one in site.warnings if "refuses an inline script" in one]
    assert any("decisions/2026/one.md" in one and "data(" in one for one in refused)
    assert not any("ours()" in one for one in refused)


@pytest.mark.parametrize(("csp", "inserted"), [(False, False), ("report", False), (True, True)])
def test_the_option_turns_it_off(tmp_path: Path, csp: Any, inserted: bool) -> None:
    site = base_with(tmp_path, csp).build()
    assert ("Content-Security-Policy" in site.page("decisions/2026/one/").source) is inserted
    assert ("Content-Security-Policy" in site.page("404.html").source) is inserted


def test_an_owner_widens_it(tmp_path: Path) -> None:
    named = {"scripts": ["https://giscus.app"], "frames": "https://giscus.app"}
    base = base_with(tmp_path, named, extra_javascript=["https://cdn.example/npm/x@3/tex.js"])
    source = base.build().page("decisions/2026/one/").source
    (policy,) = META.findall(source)
    assert "frame-src https://giscus.app;" in policy
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts is not None
    assert "https://giscus.app" in scripts[1]
    assert "https://cdn.example/npm/x@3/" in scripts[1].split()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("yes please", "must be true, false, report, or keys"),
        ({"script": []}, 'did you mean "scripts"?'),
        ({"scripts": ["'unsafe-inline'"]}, "isn't an origin"),
        ({"scripts": ["*"]}, "isn't an origin"),
        ({"scripts": ["http://other.example"]}, "isn't an origin"),
        ({"frames": ["https://a.example; script-src *"]}, "isn't an origin"),
        ({"frames": 3}, "must be a list of origins"),
    ],
)
def test_a_wrong_option_says_the_right_form(written: Any, said: str) -> None:
    with pytest.raises(WrongPolicyError, match=re.escape(said)):
        option_of(written)


def test_a_wrong_option_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(Abort):
        base_with(tmp_path, "yes").build()


def test_the_policy_stands_behind_any_charset() -> None:
    for head in (
        '<head>\n  <meta charset="utf-8">',
        "<head><meta charset=utf-8>",
        '<head class="a>b">',
    ):
        page = f"<!doctype html><html>{head}<script>x</script></head></html>"
        assert f"{head}<meta http-equiv=" in with_policy(page, "default-src 'none'")


def test_words_of_an_option_are_read_once() -> None:
    assert option_of(None).inserts
    assert not option_of("report").inserts
    assert option_of("report").compares
