"""What an import writes reads back as just what it meant."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.migration.importing.draft import Meaning, drafted
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Outcome, Stage

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)


@given(title=LINE, status=LINE, front=TEXT, tag=LINE)
@example(title="a: b", status="# no", front="x: |\n  y\n\n\n", tag="yes")
@example(title="@ida", status="- [x]", front="   leading\n\ttab", tag="2020-01-01")
@example(title="---", status="'\"", front="\u2028\u0085\ufeff", tag="null")
def test_the_front_matter_reads_back(title: str, status: str, front: str, tag: str) -> None:
    meaning = Meaning(
        title=title,
        stage=Stage.ASSESS,
        entered=date(2020, 1, 2),
        supersedes=("0012-x",),
        tags=(tag,),
        aliases=("old/a b.md",),
        source="old/a b.md",
        format="prose",
        unsettled={"status": status},
        front_matter=front,
    )
    text, _ = decoded("decisions/x.md", drafted(meaning, b"# Body\n"))
    read, faults = decision_of("decisions/x.md", text)
    assert {fault.code for fault in faults} <= {"import-unsettled"}
    assert read.title == title.strip()
    assert read.tags == (tag.strip(),)
    assert read.body.text == "# Body\n"
    assert read.imported is not None
    assert read.imported.unsettled == {"status": status}
    assert read.imported.front_matter == front.removesuffix("\n")


def test_line_ends_are_those_of_the_text() -> None:
    meaning = Meaning(
        title="x", stage=Stage.ALIGN, outcome=Outcome.ACCEPTED, source="a.md", format="prose"
    )
    data = drafted(meaning, b"# A\r\n\r\nB\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.endswith(b"---\r\n# A\r\n\r\nB\r\n")
