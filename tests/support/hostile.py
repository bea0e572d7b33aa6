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

TERMINAL = (
    "\x1b[31mred\x1b]0;title\x07",
    "x\u202egnp.exe\u202c \u2066\u200f",
    "line\n::error::forged",
    "::error file=a.py,line=1::forged",
    "  ::stop-commands::forged",
    "a ##[error]forged ##vso[task.complete]",
    "\x85::warning::forged\u2028::warning::forged\x0b::warning::forged",
    "\x9b31m C1 \x7f \u200b\ufeff \U000e0041",
    "half \ud800 of a pair",
)
"""What a terminal, or the log of a forge's runner, would obey."""

NAMES = (
    "a\x1b[31mred",
    "b\n::error::forged",
    "c\u202egnp",
    "d ##[error]forged",
    "e\r::error::forged",
    "::error::forged",
    "f\u2028::error::forged",
)
"""Such as names of files; a slash and NUL can't be in one."""

UNSEEN = re.compile(r"[^\S \n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]")  # fmt: skip
COMMANDS = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)


def obeyed_in(text: str) -> list[str]:
    """The lines of an output with anything a terminal or a runner would obey."""
    return [
        ascii(line) for line in text.split("\n") if UNSEEN.search(line) or COMMANDS.search(line)
    ]


def terminal_base(root: Path) -> Base:
    """The clean base, with records among its own whose texts and names are for terminals."""
    base = Base(root, like=NORTHWIND)
    for number, text in enumerate(TERMINAL):
        word = json.dumps(text)
        base.write(
            f"decisions/2026/t{number}.md",
            f"---\ntitle: {word}\nstage: assess\nowner: alice\ndue: 2026-10-01\n"
            f"opened: 2026-09-0{number + 1}\nconsulted: [bob, {word}]\ntags: [{word}]\n"
            f"related: [{word}]\nprecedents:\n  - record: choose-payroll-tool\n"
            f"    verdict: differs\n    why: {word}\n{word}: {word}\n---\n\n## Problem\n\n"
            f"Rents are due on the 1st; pay came late. {_written(text)}\n\n"
            f"## Feedback\n\n- [ ] @bob: {_written(text)}\n",
        )
        base.write(
            f"playbooks/t{number}/index.md",
            f"---\ntitle: {word}\npurpose: {word}\nholder: alice\nbackups: [bob]\n---\n\nx\n",
        )
        base.write(
            f"playbooks/t{number}/handoffs/t{number}.md",
            f"---\nfrom: alice\nto: bob\neffective: 2026-10-01\nstate: {word}\n---\n\n"
            f"## Open loops\n\n- [ ] {_written(text)} @bob\n",
        )
        base.write(
            f"playbooks/t{number}/metrics/m.md",
            f"---\ntitle: {word}\ncadence: monthly\ntarget: 1\ndirection: up\nunit: {word}\n---\n",
        )
        base.write(f"playbooks/t{number}/metrics/m.csv", f"date,value,note\n{_written(text)},x,y\n")
    for name in NAMES:
        front = "---\ntitle: Pay late\nstage: assess\nowner: alice\n---\n\n[x](nowhere.md)\n"
        base.write(f"decisions/2026/{name}.md", front)
        base.write(f"decisions/2026/{name}/{name}.md", front + "\nRents are due.\n")
        base.write(f"playbooks/{name}/index.md", "---\ntitle: Role\nholder: alice\n---\n\nx\n")
        base.write(f"playbooks/{name}/handoffs/{name}.md", "---\nfrom: alice\nto: bob\n---\n\nx\n")
        base.write(f"docs/{name}.md", "# Page\n\n[x](nowhere.md) [y](#nowhere)\n")
    return base


def _written(text: str) -> str:
    """A text as UTF-8 can hold it."""
    return text.encode("utf-8", "replace").decode()


BREAKS = """x"><img src=x onerror=alert('pwned') y="""
TEXTS = {
    "ids-without-a-value": "Read <a id>this</a> and <a name>that</a>.\n\n<div id>More</div>\n",
    "atx": f"## Costs {{: id='{BREAKS}' }}\n\nText. [there](#costs)\n",
    "setext": f"Costs {{: id='{BREAKS}' }}\n-----\n\nText.\n",
    "first": f"# A title {{: id='{BREAKS}' }}\n\n## Sub\n",
    "deep": f"### Deep {{: id='{BREAKS}' }}\n\n###### Deeper {{: id='x\" onfocus=\"pwned' }}\n",
    "focus": "## Costs {: id='x\" autofocus onfocus=\"alert(1)' }\n",
    "label": "## Costs {: data-toc-label='<img src=x onerror=pwned>' }\n",
    "raw": f"<h2 id='{BREAKS}'>Raw &lt;img src=x onerror=pwned&gt;</h2>\n",
    "json": '<div id="__config">{"base":"https://other.example/a/"}</div>\n',
    "config": "## Config {#__config}\n\nSee [it](#__config).\n",
    "slug": "## `__search`\n\n## Or-form\n\n## MD-Nav\n",
    "anchor": '<a id="__config">x</a> <a name="__drawer">y</a> <p id="or-form">z</p>\n',
    "label-for": '<label for="__drawer">x</label> <label for="__search">y</label>\n',
    "input": '<input type="checkbox" id="__palette_0" name="__palette">\n',
    "note": 'Text[^x"y].\n\n[^x"y]: A note.\n',
    "classes": (
        '<a class="md-consent__overlay or-chip or-chip--accepted" href="https://other.example/">x</a>'
        "\n\nA line.\n{ .md-dialog .md-dialog--active .or-banner .fixed-top }\n\n"
        '!!! md-consent__overlay "x"\n    y\n\n```{ .python .md-overlay .or-x }\nx\n```\n'
    ),
    "title": (
        '<abbr title="&lt;img src=x onerror=pwned&gt;">x</abbr> <a href="y" title="a < b">y</a>\n'
    ),
    "title-of-a-page": "# &lt;/title&gt;&lt;img src=x onerror=alert('pwned')&gt;\n\nText.\n",
    "data": '<div data-md-component="announce" data-onrecord-search="" role="dialog">x</div>\n',
    "media": (
        '<video src="https://other.example/v.mp4" autoplay'
        ' poster="//other.example/p.png"></video>\n\n'
        '<audio controls><source src="\\\\other.example/a.mp3"></audio>\n\n'
        '<video><source src="v.mp4"><track src="https://other.example/t.vtt"></video>\n\n'
        '<picture><source srcset="https://other.example/p.png"></picture>\n\n'
        '<p style="background:url(https://other.example/b.png)">x</p>\n'
    ),
}
"""Texts that reach for the page around them: its contents, its ids, its classes, other hosts."""

BODY = (Path(__file__).parent / "hostile.md").read_text(encoding="utf-8")


def hostile_base(root: Path) -> Base:
    """The clean base, with such records among its own."""
    base = Base(root, like=NORTHWIND)
    for name, text in TEXTS.items():
        base.write(
            f"decisions/hostile/{name}.md",
            f"---\ntitle: {name}\nstage: assess\nowner: it-lead\n---\n\n{text}",
        )
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
        if node.tag == "textarea" and (node.id or "").startswith("or-") and not node.text():
            continue  # an empty field of a form of ours
        if node.tag in ("script", "style") and MARK in (inner := node.html or ""):
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
