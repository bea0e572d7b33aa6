"""The one Jinja environment: autoescape on, missing names an error, words for dates and counts.

In comes the catalogue of a build; out comes what turns a template and facts into HTML.
"""

from __future__ import annotations

import posixpath
from types import CodeType

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from onrecord.lifecycle import stages
from onrecord.overview import summary
from onrecord.overview.catalogue import Catalogue
from onrecord.precedents.engine import Quote
from onrecord.records.findings import count
from onrecord.records.vocabulary import STAGES
from onrecord.site.pages import charts, places, wording


class CompiledTemplates(jinja2.BytecodeCache):
    """Templates compiled once in a process, for a server or a test that builds again and again."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what is known of its template; of another text it takes nothing."""
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key] = bucket.checksum, bucket.code


_COMPILED = CompiledTemplates()


def environment(catalogue: Catalogue) -> jinja2.Environment:
    """The environment of one build."""
    today = catalogue.today
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("onrecord.site.pages", "templates"),
        autoescape=True,
        auto_reload=False,  # nobody edits them while a build runs
        # A slip in a template must end a build of ours, and not leave a hole in a page of a team's.
        undefined=jinja2.StrictUndefined,
        optimized=False,  # looking for constants takes a quarter of compiling, and finds few
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        day=wording.day_text,
        span=wording.span,
        away=lambda day: wording.away(day, today),
        due_text=lambda day: wording.due_text(day, today),
        short_day=lambda day: wording.short_day(day, today),
        week_day=lambda day: wording.week_day(day, today),
        sentence=wording.sentence,
        marked=marked,
        lead_in=wording.lead_in,
        number=charts.number,
        plain=wording.plain,
        spanned=spanned,
        file_name=posixpath.basename,
        shortened=summary.cut,
    )
    env.globals.update(
        today=today,
        library=catalogue.library,
        places=places,
        STAGES=STAGES,
        counts=catalogue.counts,
        count=count,
        turn=catalogue.turns,
        summary=summary.summary_of,
        answers_for=lambda role: catalogue.holders.of_role(role, today).who,
        holder_of=lambda role: catalogue.holders.holder(role, today),
        name_of=catalogue.name_of,
        has_left=catalogue.has_left,
        is_agent=catalogue.is_agent,
        status_of=catalogue.status,
        effect_of=catalogue.effect,
        metric_of=catalogue.library.metric.get,
        title_of=catalogue.decision_title,
        role_of=catalogue.library.role.get,
        urgency=lambda day: stages.urgency(day, today),
    )
    return env


def spanned(quote: Quote) -> Markup:
    """A quoted sentence with its matching words marked; everything escaped."""
    parts: list[Markup] = []
    position = 0
    for start, end in sorted(quote.marks):
        parts.append(escape(quote.text[position:start]))
        parts.append(Markup("<mark>{}</mark>").format(quote.text[start:end]))
        position = end
    parts.append(escape(quote.text[position:]))
    return Markup("").join(parts)


def marked(text: str) -> Markup:
    """A message with what is in backticks as code; everything escaped."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
