"""Text made safe to stand in YAML or in Markdown."""

from __future__ import annotations

import re

import yaml


def as_yaml(value: str) -> str:
    """A text as YAML that reads back as just that text, on one line."""
    one_line = " ".join(value.split())  # also where only Unicode sees a line end
    written = yaml.safe_dump({"x": one_line}, allow_unicode=True, width=10**6)
    return str(written).strip().removeprefix("x: ")


def as_text(title: str) -> str:
    """A title as Markdown text: one line, its own signs taken as text."""
    text = " ".join(title.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]{}#])", r"\\\1", text)
