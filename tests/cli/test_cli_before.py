"""`onrecord before`: a text, a draft, a record, a branch; what is printed, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms
from problems import OTHERS, WEEKEND
from repository import git

from onrecord.cli import main

ROOT = Path(__file__).parents[2]


def write(root: Path, name: str, title: str, problem: str, more: str = "", day: int = 1) -> Path:
    file = root / "decisions" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    stage = "" if "stage:" in more else "stage: assess\n"
    front = f"title: {title}\n{stage}owner: it-lead\nentered: {{assess: 2026-01-{day:02}}}\n{more}"
    body = f"## Problem\n\n{problem}\n\n## Proposal\n\nDo it.\n\n## Alternatives\n\n- None.\n"
    file.write_text(f"---\n{front}---\n\n{body}", encoding="utf-8")
    return file


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "base"
    write(root, "answer-on-weekends", "Answer on weekends", WEEKEND)
    for name, problem in OTHERS.items():
        write(root, name, name.replace("-", " ").capitalize(), problem)
    return root


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def branch(base: Path) -> Path:
    """A branch `work` that left `main`, which has gone on meanwhile."""
    git(base, "init", "-q", "-b", "main")
    git(base, "add", ".")
    git(base, "commit", "-qm", "base")
    git(base, "checkout", "-qb", "work")
    git(base, "checkout", "-q", "main")
    write(base, "on-main", "Only on main", WEEKEND, day=3)
    git(base, "add", ".")
    git(base, "commit", "-qm", "more")
    git(base, "checkout", "-q", "work")
    return base


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "work")


# A text, a draft, a record.


def test_a_misspelt_word_is_corrected_and_told(base: Path) -> None:
    result = run(base, "before", "wekends", "zeppelin")
    assert result.stderr == (
        "No decision contains “wekends”. Did you mean “weekends”? It was searched for instead.\n"
    )
    assert "Answer on weekends" in result.stdout
    assert "instead" not in run(base, "before", "weekends").stderr
    assert "instead" not in run(base, "before", "weekend").stderr  # it is in the base
    assert "instead" not in run(base, "before", "zeppelin").stderr


def test_a_text_on_the_command_line(base: Path) -> None:
    result = run(base, "before", "tickets", "pile up over the weekend")
    first, second, *_ = result.stdout.splitlines()
    assert first == "Answer on weekends"
    assert second.startswith("    open, 2026-01-01; ")
    assert second.endswith("; decisions/answer-on-weekends.md")
    assert "“Support tickets pile up over the weekend, because nobody is on call" in result.stdout
    assert "\x1b[" not in result.stdout
    assert result.exit_code == 0


def test_a_draft_with_and_without_front_matter(base: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    for text in (
        WEEKEND,
        f"---\ntitle: On weekends\n---\n\n{WEEKEND}",
        f"---\n[: \n---\n{WEEKEND}",
    ):
        draft.write_text(text)
        assert run(base, "before", "--file", str(draft)).stdout.startswith("Answer on weekends\n")


NOTHING = "Nothing close among 7 decisions.\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "There is no word to look for.\n"),
        (b"---\n", "There is no word to look for.\n"),
        (b"\xff\xfe\n", "DRAFT: byte 0xff isn't UTF-8; {}There is no word to look for.\n"),
        (
            bytes(range(256)),
            "DRAFT: the file is binary; it was not read; {}There is no word to look for.\n",
        ),
        ("Gr\u00fc\u00dfe".encode("latin-1"), "DRAFT: byte 0xfc isn't UTF-8; {}" + NOTHING),
        (b"a " * 5_000_000, "DRAFT: only its first 2 MB were read\n" + NOTHING),
    ],
    ids=["empty", "cut short", "no text", "binary", "Latin-1", "ten megabytes"],
)
def test_an_odd_draft_is_no_fault(base: Path, tmp_path: Path, data: bytes, said: str) -> None:
    draft = tmp_path / "draft.md"
    draft.write_bytes(data)
    result = run(base, "before", "--file", str(draft))
    heads, _, rest = said.replace("DRAFT", str(draft)).partition("{}")
    assert result.stdout == ""
    assert result.stderr.startswith(heads)
    assert result.stderr.endswith(rest)
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        "Am Wochenende bleiben Anfragen liegen.",
        "Τα αιτήματα μένουν αναπάντητα.",
        "تتراكم الطلبات في عطلة نهاية الأسبوع.",
        "周末工单堆积无人处理。",
        "週末に問い合わせがたまる。",
        "주말에 문의가 쌓인다.",
        "ตั๋วกองสะสมในวันหยุด",
    ],
)
def test_a_language_that_the_base_does_not_have_finds_nothing(base: Path, text: str) -> None:
    result = run(base, "before", text)
    assert (result.stdout, result.stderr, result.exit_code) == ("", NOTHING, 0)


def test_a_record_finds_earlier_ones_alone(base: Path) -> None:
    write(base, "again", "Answer on Saturdays", WEEKEND, day=5)
    assert run(base, "before", "--id", "again.md").stdout.startswith("Answer on weekends\n")
    result = run(base, "before", "--id", "answer-on-weekends")
    assert "Saturdays" not in result.stdout


def test_a_record_shows_what_its_author_alone_has_named(base: Path) -> None:
    answer = "precedents: [{record: buy-a-kettle, verdict: differs, why: No kettle.}]\n"
    write(base, "again", "Answer on Saturdays", WEEKEND, answer, day=5)
    shown = json.loads(run(base, "before", "--id", "again", "--json").stdout)
    assert [one["id"] for one in shown] == ["answer-on-weekends", "buy-a-kettle"]
    assert [one["answer"] for one in shown] == [None, {"verdict": "differs", "why": "No kettle."}]
    assert (
        len(json.loads(run(base, "before", "--id", "again", "--limit", "1", "--json").stdout)) == 1
    )


@pytest.mark.parametrize("text", ["", "   ", "?!", "—"])
def test_without_a_word_it_says_that_nothing_was_asked(base: Path, text: str) -> None:
    result = run(base, "before", text)
    assert (result.stdout, result.stderr) == ("", "There is no word to look for.\n")
    assert run(base, "before", text, "--json").stdout == "[]\n"


def test_an_id_of_two_files_is_said_to_be_one(base: Path) -> None:
    write(base, "2026/type-less", "Type nothing", OTHERS["type-less"])
    result = run(base, "before", "--id", "type-less")
    assert "two files have the id type-less; `onrecord check` names them" in result.stderr
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "precedents",
    [
        "{record: again, verdict: repeats, why: Itself.}",
        "{record: nowhere, verdict: differs, why: Gone.}",
        "{record: buy-a-kettle, verdict: differs, why: One.}, "
        "{record: buy-a-kettle, verdict: extends, why: Two.}",
        "{record: buy-a-kettle}",
    ],
    ids=["itself", "unknown", "twice", "without a verdict"],
)
def test_odd_answers_do_no_harm(branch: Path, precedents: str) -> None:
    write(branch, "again", "Answer on Saturdays", WEEKEND, f"precedents: [{precedents}]\n", day=5)
    commit(branch)
    shown = json.loads(run(branch, "before", "--id", "again", "--json").stdout)
    ids = [one["id"] for one in shown]
    assert ids[0] == "answer-on-weekends"
    assert ids[1:] in ([], ["buy-a-kettle"])
    assert run(branch, "before", "--changed", "main").exit_code == 1


def damaged(data: bytes) -> list[bytes]:
    """Some of what a full disk, a crash or another program leaves of a file."""
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    return [b"", data[:middle], data[:-1], flipped, b"\0" * len(data), data[::-1]]


def test_a_damaged_cache_is_never_believed(base: Path, tmp_path: Path) -> None:
    asked = ("before", "--json", "--id", "again")
    write(base, "again", "Answer on Saturdays", WEEKEND, day=5)
    whole = run(base, *asked).stdout
    assert "answer-on-weekends" in whole
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert files
    for file in files:
        kept = file.read_bytes()
        for data in damaged(kept):
            file.write_bytes(data)
            assert run(base, *asked).stdout == whole, file
            file.write_bytes(kept)


def test_a_base_whose_decisions_are_gone_says_so(base: Path) -> None:
    for number in range(40):  # so that the cache holds much more than is asked for
        write(base, f"d{number}", f"Title {number}", f"Kind {number} of thing {number}.")
    run(base, "before", WEEKEND)
    for file in (base / "decisions").glob("*.md"):
        file.unlink()
    assert run(base, "before", WEEKEND).stderr == "No decision is on record yet.\n"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_where_no_cache_can_be_kept_it_does_without(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "file").write_text("mine")
    with_one = run(base, "before", WEEKEND).stdout
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / place))
    assert run(base, "before", WEEKEND).stdout == with_one
    assert (tmp_path / "file").read_text() == "mine"


def test_json_keeps_to_its_schema(base: Path) -> None:
    result = run(base, "before", "--json", WEEKEND)
    found = json.loads(result.stdout)
    conforms("before")(found)
    assert list(found[0]) == ["id", "title", "url", "status", "stage", "score", "effect",
                              "closeness", "why"]  # fmt: skip
    assert found[0]["url"] == "decisions/answer-on-weekends/"
    assert run(base, "before", "--format", "json", WEEKEND).stdout == result.stdout


def test_no_more_than_asked_for_are_shown(base: Path) -> None:
    for day in range(2, 6):
        write(base, f"again-{day}", f"Again {day}", WEEKEND, day=day)
    assert len(json.loads(run(base, "before", "--json", WEEKEND).stdout)) == 3
    assert len(json.loads(run(base, "before", "--json", "--limit", "1", WEEKEND).stdout)) == 1


def test_nothing_close_is_said_and_is_no_fault(base: Path, tmp_path: Path) -> None:
    result = run(base, "before", "quantum chromodynamics")
    assert (result.stdout, result.stderr) == ("", "Nothing close among 7 decisions.\n")
    assert result.exit_code == 0
    assert json.loads(run(base, "before", "--json", "quantum chromodynamics").stdout) == []
    (tmp_path / "empty/decisions").mkdir(parents=True)
    result = run(tmp_path / "empty", "before", "anything")
    assert (result.stderr, result.exit_code) == ("No decision is on record yet.\n", 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give one of TEXT, --file, --id and --changed"),
        (["text", "--id", "type-less"], "give one of TEXT, --file, --id and --changed"),
        (["--id", "type-les"], 'did you mean "type-less"?'),
        (["--file", "gone.md"], "does not exist"),
        (["--format", "markdown", "text"], "'markdown' is not one of 'text', 'json'"),
        (["--limit", "0", "text"], "0 is not in the range"),
    ],
)
def test_wrong_use_is_explained(base: Path, words: list[str], said: str) -> None:
    result = run(base, "before", *words)
    assert said in result.stderr
    assert result.exit_code == 2


# A question is always answered.


def test_a_question_that_nothing_is_close_to_is_told_the_nearest(base: Path) -> None:
    result = run(base, "before", "who repairs the holiday newsletter")
    head, title, line, *_ = result.stdout.splitlines()
    assert head == "Nothing close among 7 decisions. The nearest are:"
    assert title == "Drop the newsletter"
    assert "; nearest; " in line
    shown = json.loads(run(base, "before", "--json", "who repairs the holiday newsletter").stdout)
    assert {one["closeness"] for one in shown} == {"nearest"}


def test_words_that_every_text_has_are_no_evidence(base: Path) -> None:
    shown = json.loads(run(base, "before", "--json", "why is it that they are so").stdout)
    assert {one["closeness"] for one in shown} <= {"nearest"}


def test_a_young_base_calls_close_what_is_asked_for_by_its_title(base: Path) -> None:
    def words(question: str) -> list[str]:
        found = json.loads(run(base, "before", "--json", question).stdout)
        return [one["closeness"] for one in found]

    assert words("Answer on weekends")[0] == "very close"
    assert words("who will answer tickets on weekends")[0] == "close"
    assert words("customers wait until Monday for their first reply")[0] == "may help"


def test_a_draft_is_not_told_of_what_is_not_close(base: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("Quantum chromodynamics, by quarks and gluons.")
    assert run(base, "before", "--file", str(tmp_path / "draft.md")).stdout == ""


def test_a_decision_is_found_by_the_words_it_is_asked_for_with(base: Path, tmp_path: Path) -> None:
    question = "espresso tastes burnt, like rubber"
    assert run(base, "before", question).stdout == ""
    asked = "asked: [why is coffee cold, why does espresso taste of burnt rubber]\n"
    write(base, "buy-a-kettle", "Buy a kettle", OTHERS["buy-a-kettle"], asked)
    hit = json.loads(run(base, "before", "--json", question).stdout)[0]
    assert (hit["id"], hit["closeness"]) == ("buy-a-kettle", "close")
    assert "why does espresso taste of burnt rubber" in hit["why"]
    draft = tmp_path / "draft.md"
    draft.write_text("Espresso that tastes of rubber.")
    assert run(base, "before", "--file", str(draft)).stdout.startswith("Buy a kettle\n")
    assert "Buy a kettle" in run(base, "find", "espresso").stdout


def test_what_people_answered_is_no_part_of_what_is_compared(base: Path) -> None:
    file = base / "decisions/buy-a-kettle.md"
    said = "\n## Feedback\n\n- [x] @bo: zeppelins?\n\n## Review\n\nNo zeppelins.\n"
    file.write_text(file.read_text() + said)
    assert run(base, "before", "zeppelins").stdout == ""
    file.write_text(file.read_text() + "\n## Costs\n\nA zeppelin is dear.\n")
    assert run(base, "before", "zeppelins").stdout.startswith("Buy a kettle\n")


# A branch.


def test_a_branch_s_new_and_changed_decisions(branch: Path) -> None:
    write(branch, "again", "Answer on Saturdays", WEEKEND, day=5)
    write(branch, "type-less", "Type even less", OTHERS["type-less"])
    (branch / "decisions/one-calendar.md").unlink()
    commit(branch)
    result = run(branch, "before", "--changed", "main")
    heads = [line for line in result.stdout.splitlines() if line.startswith("decisions/")]
    assert heads == [
        "decisions/again.md: Answer on Saturdays",
        "decisions/type-less.md: Type even less",
    ]
    assert "  Answer on weekends" in result.stdout
    assert "  to answer in `precedents`: answer-on-weekends\n" in result.stdout
    assert "Only on main" not in result.stdout


def test_it_fails_while_a_close_one_waits_for_its_answer(branch: Path) -> None:
    write(branch, "again", "Answer on Saturdays", WEEKEND, day=5)
    commit(branch)
    assert run(branch, "before", "--changed", "main").exit_code == 1
    assert run(branch, "before", "--changed", "main", "--json").exit_code == 0
    answer = "{record: answer-on-weekends, verdict: extends, why: One day more.}"
    write(branch, "again", "Answer on Saturdays", WEEKEND, f"precedents: [{answer}]\n", day=5)
    commit(branch)
    result = run(branch, "before", "--changed", "main")
    assert "this one extends: One day more." in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize("problem", ["", "<!-- What hurts, and whom? -->"])
def test_no_answer_is_asked_for_before_the_problem_is_written(branch: Path, problem: str) -> None:
    write(branch, "again", "Answer on weekends", problem, day=5)
    commit(branch)
    result = run(branch, "before", "--changed", "main")
    assert "  Answer on weekends" in result.stdout
    assert result.exit_code == 0
    assert "something close" not in run(branch, "advance", "again").stderr
    write(branch, "again", "Answer on weekends", WEEKEND, day=5)
    commit(branch)
    assert run(branch, "before", "--changed", "main").exit_code == 1
    assert "something close" in run(branch, "advance", "again").stderr


def test_a_branch_as_json_says_what_is_answered_and_what_is_to_be(branch: Path) -> None:
    write(branch, "again", "Answer on Saturdays", WEEKEND, day=5)
    commit(branch)
    (told,) = json.loads(run(branch, "before", "--changed", "main", "--json").stdout)
    assert told["to_answer"] == ["answer-on-weekends"]
    assert told["before"][0]["answer"] is None
    answer = "{record: answer-on-weekends, verdict: extends, why: One day more.}"
    write(branch, "again", "Answer on Saturdays", WEEKEND, f"precedents: [{answer}]\n", day=5)
    commit(branch)
    (told,) = json.loads(run(branch, "before", "--changed", "main", "--json").stdout)
    assert told["to_answer"] == []
    assert told["before"][0]["answer"] == {"verdict": "extends", "why": "One day more."}
    conforms("before-changed")([told])


def test_a_branch_s_decision_without_anything_close_says_so(branch: Path) -> None:
    write(branch, "new", "Quantum chromodynamics", "Quarks carry colour charge.", day=5)
    commit(branch)
    result = run(branch, "before", "--changed", "main")
    assert result.stdout == "decisions/new.md: Quantum chromodynamics\n  nothing close\n"
    assert result.exit_code == 0


def test_a_renamed_decision_counts_as_changed(branch: Path) -> None:
    git(branch, "mv", "decisions/type-less.md", "decisions/type-nothing.md")
    commit(branch)
    listed = json.loads(run(branch, "before", "--changed", "main", "--json").stdout)
    assert [one["path"] for one in listed] == ["decisions/type-nothing.md"]


def test_names_that_git_would_quote_are_found(branch: Path) -> None:
    write(branch, 'größe "x"', "Odd", WEEKEND, day=5)
    commit(branch)
    listed = json.loads(run(branch, "before", "--changed", "main", "--json").stdout)
    assert [one["path"] for one in listed] == ['decisions/größe "x".md']


def test_a_base_may_be_a_commit_that_no_branch_names(branch: Path) -> None:
    left = git(branch, "rev-parse", "HEAD")
    write(branch, "again", "Answer on Saturdays", WEEKEND, day=5)
    commit(branch)
    git(branch, "branch", "-qD", "main")
    git(branch, "checkout", "-q", "--detach")
    listed = json.loads(run(branch, "before", "--changed", left, "--json").stdout)
    assert [one["id"] for one in listed] == ["again"]


def test_a_base_below_the_repository_s_root(base: Path) -> None:
    top = base.parent
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "base")
    git(top, "commit", "-qm", "base")
    git(top, "checkout", "-qb", "work")
    write(base, "again", "Answer on Saturdays", WEEKEND, day=5)
    git(top, "add", "base")
    git(top, "commit", "-qm", "work")
    listed = json.loads(run(base, "before", "--changed", "main", "--json").stdout)
    assert [one["path"] for one in listed] == ["decisions/again.md"]


@pytest.mark.parametrize("name", ["nowhere", "--output=stolen", "-x", "", "main..work:x"])
def test_a_base_that_isn_t_one_is_wrong_use(branch: Path, name: str) -> None:
    result = run(branch, "before", f"--changed={name}")
    assert result.exit_code == 2
    assert f"--changed {name}:" in result.stderr
    assert not (branch / "stolen").exists()


def test_without_git_it_says_so(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(base.parent))
    result = run(base, "before", "--changed", "main")
    assert "not a git repository" in result.stderr
    monkeypatch.setenv("PATH", str(base))
    result = run(base, "before", "--changed", "main")
    assert "git can't be run" in result.stderr
    assert result.exit_code == 2


# Where it meets the other commands.


def test_a_new_decision_shows_the_nearest_before_it_writes(base: Path) -> None:
    result = run(base, "new", "decision", "Support tickets pile up over the weekend")
    assert result.stdout == "decisions/2026/support-tickets-pile-up-over-the-weekend.md\n"
    assert result.stderr.startswith("We had this before:\n  Answer on weekends\n")
    assert run(base, "new", "decision", "Quantum chromodynamics").stderr == ""


def test_the_gate_out_of_assess_names_it_until_it_is_answered(base: Path) -> None:
    front = "consulted: [bob]\n"
    file = write(base, "again", "Answer on Saturdays", WEEKEND, front, day=5)
    result = run(base, "advance", "again")
    assert "we had something close before, “Answer on weekends”" in result.stderr
    assert "precedents: [{record: answer-on-weekends, verdict: differs, why: …}]" in result.stderr
    assert result.exit_code == 1
    refused = run(base, "advance", "again", "--outcome", "accepted")
    assert "accepted" in refused.stderr
    assert refused.exit_code == 1
    answer = "precedents: [{record: answer-on-weekends, verdict: extends, why: A day more.}]\n"
    write(base, "again", "Answer on Saturdays", WEEKEND, front + answer, day=5)
    assert run(base, "advance", "again").exit_code == 0
    assert "stage: collaborate" in file.read_text()
