"""Settling what an import left: a word that a person has mapped, written as a record's outcome.

In come an imported decision and the bytes of its file; out come the bytes with the outcome, or
without the open question where it is still being decided. Only the lines it names change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from onrecord.migration.importing.deciding.meaning import OUTCOMES
from onrecord.migration.importing.reading.statuses import (
    OldStatus,
    is_mappable,
    key_of,
    mapped,
    shortened,
)
from onrecord.records.edits import FrontMatterEdits, applied, is_ambiguous
from onrecord.records.model import Decision
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Stage


def unsettled_words(decisions: Iterable[Decision]) -> Counter[str]:
    """How often each word of status waits for a person; '' where a record says nothing.

    A line whose words are all known stays as it is written: no word settles it.
    """
    waiting = (d.unsettled["status"] for d in decisions if "status" in d.unsettled)
    return Counter(key_of(x) if is_mappable(x) else f"{shortened(x)} (by hand)" for x in waiting)


def settled(decision: Decision, data: bytes, words: Mapping[str, OldStatus]) -> bytes | None:
    """The file's bytes once its word is settled; None where it isn't mapped or can't be changed.

    A word for `superseded` settles nothing: the record that replaces it says so.
    """
    standing = mapped(decision.unsettled.get("status", ""), words)
    if standing is None or standing is OldStatus.SUPERSEDED:
        return None
    outcome = OUTCOMES.get(standing)
    if outcome is None:
        changed = _without_question(decision, data)
    else:
        plan = FrontMatterEdits(decision.path, data)
        try:
            plan.write("stage", Stage.ALIGN.value)
            plan.write("outcome", outcome.value)
            changed = applied(data, plan.edits())
        except (LookupError, ValueError):
            return None
    # The proof, as for each edit: what is about to be written is read as any record is.
    again, faults = decision_of(decision.path, decoded(decision.path, changed)[0])
    is_meant = again.outcome is outcome and "status" not in again.unsettled
    same = again.body.text == decision.body.text and not is_ambiguous(faults)
    return changed if is_meant and same else None


def _without_question(decision: Decision, data: bytes) -> bytes:
    """The bytes without `unsettled: status:`, and without `unsettled:` where it was all."""
    lines = data.splitlines(keepends=True)
    at = decision.place("unsettled.status")[0] - 1
    del lines[at]
    above = lines[at - 1]
    indent = len(above) - len(above.lstrip())
    following = lines[at] if at < len(lines) else b""
    is_alone = len(following) - len(following.lstrip()) <= indent or not following.strip()
    if re.fullmatch(rb"\s*unsettled:\s*", above) and is_alone:
        del lines[at - 1]
    return b"".join(lines)
