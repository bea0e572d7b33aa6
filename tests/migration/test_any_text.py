"""Whatever is in a folder, an import ends with a report, and what it writes can be read."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.migration.importing import FileOutcome, Format, Options, plan_import, write_plan
from onrecord.records.findings import Severity
from onrecord.records.reading import read_library

PIECES = (
    b"---\n", b"---\r\n", b"--- \n", b"# 1. Title\n", b"# {title}\n", b"Title\n===\n",
    b"## Status\n", b"Status\n------\n", b"\n", b"\r\n", b"\r", b"Accepted\n",
    b"superseded by [2](2-b.md)\n", b"Supersedes 1\n", b"* Status: accepted\n", b"| Status | x |\n",
    b"Date: 05/06/2020\n",
    b"Date: 31/02/2020\n", b"May 2020\n", b"status: accepted\n", b"status: [a, {b: c}]\n",
    b"title: 'it''s'\n", b"title: [x]\n", b"date: 2020-14-01\n", b"tags: [a, a, ,b]\n", b"```\n",
    b"<!--", b"-->", b"\xe9", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", "नमस्ते\u2028\u0085".encode(),
    b"This decision supersedes [x](2-b.md). ", b"authors: '@x'\n", b"\t- x: |\n", b"[a](%zz.md)\n",
    b"[a](http://[)\n", b"Supersedes: http://[/1-a.md\n", b"## Considered Options\n",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=14).map(b"".join)


@settings(max_examples=80)
@given(one=TEXT, two=TEXT, named=st.sampled_from([None, *Format]))
@example(one=b"", two=b"Supersedes: http://[/1-a.md\n", named=Format.NYGARD)
def test_an_import_ends_with_a_report(one: bytes, two: bytes, named: Format | None) -> None:
    with tempfile.TemporaryDirectory() as place:
        old, root = Path(place, "old"), Path(place, "base")
        (root / "decisions").mkdir(parents=True)
        old.mkdir()
        (old / "1-a.md").write_bytes(one)
        (old / "2-b.md").write_bytes(two)
        options = Options(format=named)
        report = write_plan(plan_import(old, root, read_library(root), options), root)
        assert len(report.items) == 2
        library = read_library(root)
        assert len(library.decisions) == report.counts[FileOutcome.IMPORT]
        assert [f for f in library.findings if f.severity is Severity.ERROR] == []
        again = plan_import(old, root, library, options)
        assert again.counts[FileOutcome.PRESENT] == report.counts[FileOutcome.IMPORT]
