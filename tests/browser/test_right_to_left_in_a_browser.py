"""A site whose language is written from right to left: its English still reads in its own order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from building import NORTHWIND, Base
from playwright.sync_api import BrowserContext

HEBREW = "להעביר 3 צוותים, ואז עוד 4."

# Each text of one script, where a sign is shown before the one written before it.
BACKWARDS = r"""([script, other, forwards]) => {
  const [wanted, unwanted] = [new RegExp(script), new RegExp(other)];
  const wrong = [];
  const range = document.createRange();
  for (const root of document.querySelectorAll(".md-header, .md-main")) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (!wanted.test(node.data) || unwanted.test(node.data)) continue;
      if (node.parentElement.closest("svg")) continue;
      let last = null;
      for (let at = 0; at < node.data.length; at++) {
        if (/\s/.test(node.data[at]) || (!forwards && /\d/.test(node.data[at]))) continue;
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const here = range.getBoundingClientRect();
        if (!here.width) continue;
        const sameLine = last && Math.abs(here.top - last.top) < 3;
        if (sameLine && (forwards ? here.left < last.left - 0.5 : here.left > last.left + 0.5)) {
          wrong.push(node.data.trim());
          break;
        }
        last = here;
      }
    }
  }
  return wrong;
}"""
ICONS = r"""() => [...document.querySelectorAll(".md-content [class*='or-i-']")].filter((one) => {
  const icon = getComputedStyle(one, "::before");
  if (!getComputedStyle(one).display.startsWith("inline") || !one.textContent) return false;
  return parseFloat(icon.marginLeft) < 2 || parseFloat(icon.marginRight) < 2;
}).map((one) => one.textContent)"""


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    base = Base(tmp_path_factory.mktemp("mirrored"), like=NORTHWIND)
    base.change("mkdocs.yml", "  name: material\n", "  name: material\n  language: he\n")
    base.write(
        "decisions/2026/hebrew.md",
        f"---\ntitle: {HEBREW}\nstage: assess\nowner: it-lead\n---\n\n## Problem\n\n{HEBREW}\n\n"
        "```python\nx = [1, 2]\n```\n",
    )
    return serve(base.build().folder)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "decisions/",
        "decisions/2026/pay-date/",
        "decisions/2026/hebrew/",
        "playbooks/payroll-lead/",
        "people/bob/",
        "changes/",
        "process/",
        "scoreboard/",
    ],
)
def test_each_line_reads_in_the_direction_of_its_words(
    mirrored: str, borrow: Callable[..., BrowserContext], page: str
) -> None:
    shown = borrow(viewport={"width": 1360, "height": 900}).new_page()
    shown.goto(mirrored + page)
    assert shown.locator("body").get_attribute("dir") == "rtl"
    assert shown.evaluate(BACKWARDS, ["[A-Za-z]", "[֐-ࣿ]", True]) == []
    assert shown.evaluate(BACKWARDS, ["[֐-ࣿ]", "[A-Za-z]", False]) == []
    assert shown.evaluate(ICONS) == []
    for code in shown.locator("pre:has(> code)").all():
        assert code.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1360
