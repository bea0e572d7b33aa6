"""The search index, asked in a real browser through Pagefind's own interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import PLAIN, Base
from playwright.sync_api import BrowserContext
from search_files import HOSTILE, record

ASK = """async ([base, asked]) => {
  const pagefind = await import(`${base}pagefind/pagefind.js`);
  const {ranking} = await (await fetch(`${base}pagefind/build.json`)).json();
  await pagefind.options({ranking});
  await pagefind.init();
  const found = [];
  for (const [words, filters] of asked) {
    const {results} = await pagefind.search(words, {filters});
    const pages = await Promise.all(results.map((one) => one.data()));
    found.push(pages.map((page) => page.raw_url));
  }
  return found;
}"""


@pytest.fixture(params=[None, 1], ids=["one piece", "pieces"])
def ask(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    borrow: Callable[..., BrowserContext],
    serve: Callable[[Path], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., list[list[str]]]:
    """Queries to an index of three records, made in one piece or in many."""
    if request.param:
        monkeypatch.setattr("onrecord.search.site_index.PIECE_BYTES", request.param)
    base = Base(tmp_path)
    base.configure({**PLAIN, "theme": {"name": "material", "font": False}})
    texts = {
        "bank": record("Choose a bank", "We decided on a bank near the office.", tags=HOSTILE),
        "0042-pay-day": record("Move the pay day", "The bank closes early."),
        "office": record("Open an office", "It is near the bank; pay is no matter.", tags=["x"]),
    }
    for name, text in texts.items():
        base.write(f"decisions/2026/{name}.md", text)
    address = serve(base.build().folder)
    page = borrow().new_page()
    page.goto(f"{address}404.html")

    def asked(*queries: tuple[str, dict[str, Any]]) -> list[list[str]]:
        found: list[list[str]] = page.evaluate(ASK, [address, list(queries)])
        return [[url.split("/")[3] for url in one] for one in found]

    return asked


def test_the_record_in_mind_comes_first_and_values_filter_as_written(
    ask: Callable[..., list[list[str]]],
) -> None:
    title, stem, number, *by_tag = ask(
        ("move pay day", {}),
        ("deciding bank", {}),
        ("0042", {}),
        *[("bank", {"tag": tag}) for tag in HOSTILE],
    )
    assert title[0] == "0042-pay-day"
    assert stem[0] == "bank"
    assert number == ["0042-pay-day"]
    found = {json.dumps(tag): urls for tag, urls in zip(HOSTILE, by_tag, strict=True)}
    assert found == {json.dumps(tag): ["bank"] for tag in HOSTILE}
