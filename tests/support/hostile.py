"""A knowledge base written by somebody who means harm, in every place a person can write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from building import NORTHWIND, Base
from selectolax.lexbor import LexborHTMLParser

MARK = "pwned"
"""Stands in each payload; where it is found in a script, handler or address, it got through."""

PAYLOADS = (
    "<script>alert('pwned')</script>",
    "</title><script>alert('pwned')</script>",
    "<img src=x onerror=alert('pwned')>",
    '" onmouseover="alert(\'pwned\')" x="',
    "<svg onload=alert('pwned')>",
    "<iframe srcdoc=\"<script>parent.alert('pwned')</script>\"></iframe>",
    "<style>body{display:none}/*pwned*/</style>",
    "</textarea><script>alert('pwned')</script>",
    "&lt;script&gt;alert('pwned')&lt;/script&gt;",
    "--><script>alert('pwned')</script>",
    "{{ 7*7 }}{% raw %}pwned",
    "<a href=\"javascript:alert('pwned')\">pwned</a>",
)

BODY = (Path(__file__).parent / "hostile.md").read_text(encoding="utf-8")


def hostile_base(root: Path) -> Base:
    """The clean base, with such records among its own."""
    base = Base(root, like=NORTHWIND)
    for number, payload in enumerate(PAYLOADS):
        word = json.dumps(payload)  # a JSON string is a YAML string
        base.write(
            f"decisions/hostile/d{number}.md",
            f"---\ntitle: {word}\nstage: review\nowner: h{number}\ndue: 2026-10-12\n"
            f"entered: {{review: 2026-10-05}}\nconsulted: [{word}, bob]\ninformed: [{word}]\n"
            f"tags: [{word}]\nrelated: [{word}, pay-date]\nsupersedes: [{word}]\n"
            f"precedents:\n  - record: choose-payroll-tool\n    verdict: differs\n    why: {word}\n"
            f"  - record: {word}\n    verdict: {word}\n    why: {word}\n"
            f"{word}: {word}\n---\n\nSee [that](d0.md).\n\n{payload}\n\n"
            f"## {payload}\n\n{payload}\n",
        )
        base.write(
            f"decisions/hostile/c{number}.md",
            f"---\ntitle: {word}\nstage: align\nowner: {word}\noutcome: rejected\n"
            f"decided: 2026-10-08\ntags: [{word}]\n---\n\n{BODY}\n",
        )
        base.write(
            f"playbooks/h{number}/index.md",
            f"---\ntitle: {word}\npurpose: {word}\nholder:\nbackups: [{word}, h{number}]\n"
            f"team: {word}\n---\n\n{BODY}\n",
        )
        base.write(
            f"playbooks/h{number}/handoffs/h.md",
            f"---\nfrom: {word}\nto: h{number}\neffective: 2026-10-01\nstate: {word}\n"
            f"---\n\n{BODY}",
        )
        base.write(
            f"playbooks/h{number}/metrics/m.md",
            f"---\ntitle: {word}\ncadence: monthly\ntarget: 1\ndirection: up\nunit: {word}\n"
            f"source: {word}\n---\n\n{BODY}",
        )
        quoted = payload.replace('"', '""')
        base.write(
            f"playbooks/h{number}/metrics/m.csv", f'date,value,note\n2026-10-01,1,"{quoted}"\n'
        )
        base.write(f"docs/h{number}.md", f"# {payload}\n\n[d](../decisions/hostile/d{number}.md)\n")
    people = (base.root / "playbooks/people.yml").read_text()
    for number, payload in enumerate(PAYLOADS):
        people += f"h{number}: {{name: {json.dumps(payload)}}}\n"
    people += json.dumps(PAYLOADS[0]) + ": {name: x}\n"
    base.write("playbooks/people.yml", people)
    for name in (
        "<script>alert('pwned')<",
        "\" onclick=\"alert('pwned')",
        "<img src=x onerror=pwned>",
    ):
        base.write(f"decisions/hostile/{name}.md", "---\nstage: assess\n---\n\nNo title.\n")
        base.write(f"playbooks/{name}/index.md", "---\nholder: bob\n---\n\nNo title.\n")
    return base


ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href", "srcdoc", "poster")
_ACTS = re.compile(r"\s*(?:javascript|vbscript|data):", re.IGNORECASE)


def harm_in(html: str, fragment: bool = False) -> Iterator[str]:
    """What of a page, as a browser reads it, would act on its own or cover the page."""
    tree = LexborHTMLParser(html, is_fragment=fragment)
    for node in tree.css("*"):
        inner = node.html or ""
        if node.tag == "textarea" and (node.id or "").startswith("or-") and not node.text():
            continue  # an empty field of a form of ours
        if node.tag in ("script", "style") and MARK in inner:
            yield f"a <{node.tag}> of theirs: {inner[:80]}"
        if node.tag in ("iframe", "object", "embed", "base", "frame", "textarea", "template", "x"):
            yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            if name.startswith("on"):
                yield f"a handler {name}={value}"
            if name in ADDRESSES and _ACTS.match(value or "") and MARK in (value or ""):
                yield f"an address {name}={value}"
            if name == "style" and re.search(r"position|url\(|inset", value or ""):
                yield f"a style {value}"
            if name == "http-equiv" and (value or "").lower() == "refresh":
                yield "a refresh"
