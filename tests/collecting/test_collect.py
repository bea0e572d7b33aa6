"""`onrecord collect` against real servers, files, git and commands that the tests start."""

from __future__ import annotations

import gzip
import json
import subprocess
import time
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from collecting_runs import FIRST, HEAD, Web, metric, only, rows, run
from forge_answers import (
    REFUSALS,
    forgejo_issue,
    github_issue,
    gitlab_item,
    send,
    send_page,
)

from onrecord.cli import main
from onrecord.collecting.asking import Access, SourceFails, ask, following, is_public
from onrecord.lifecycle.scorecards import Standing, scorecard

# What each source gives.


def test_a_number_of_json_is_written_once_a_period_with_its_origin(base: Path, web: Web) -> None:
    runs = {"runs": [{"n": 4, "late": False}, {"n": 1, "late": True}, {"n": 3, "late": False}]}
    web.put("/payroll.json", runs)
    expression = '"sum(runs[?late==`false`].n)"'
    metric(base, f"{{json: {web.url}/payroll.json?x=1, value: {expression}}}")
    result = run(base)
    assert result.output == f"{FIRST}: 2026-10-07,7\n"
    text = (base / FIRST).read_text()
    assert text.startswith(f"{HEAD}2026-10-07,7,,json {web.url}/payroll.json; 20")
    (value,) = only(base).values
    assert value.origin is not None
    assert (value.origin.number, value.is_changed) == ("7", False)
    again = run(base, today="2026-10-09")
    assert again.output == f"{FIRST}: already has a value for 2026-10-07\n"
    assert len(web.asked) == 1
    run(base, today="2026-10-12")
    assert [day for day, _ in rows(base)] == ["2026-10-07", "2026-10-12"]
    assert run_check(base) == []


def run_check(root: Path) -> list[str]:
    found = CliRunner().invoke(
        main, ["--root", str(root), "--today", "2026-12-31", "check", "--json"]
    )
    return [one["message"] for one in json.loads(found.stdout)]


def test_a_value_changed_by_hand_is_known_as_such(base: Path, web: Web) -> None:
    web.put("/n", {"n": 1.5})
    metric(base, f"{{json: {web.url}/n, value: n}}")
    run(base)
    file = base / FIRST
    file.write_text(file.read_text().replace(",1.5,,", ",2.5,better,"))
    (value,) = only(base).values
    assert (value.value, value.note, value.is_changed) == (2.5, "better", True)


def test_a_file_and_its_own_day(base: Path) -> None:
    (base / "data").mkdir()
    (base / "data/n.json").write_text('{"n": "12.50", "at": "2026-10-05T08:00:00Z"}')
    metric(base, "{json: data/n.json, value: n, day: at}")
    assert run(base).output == f"{FIRST}: 2026-10-05,12.5\n"
    assert run(base, today="2026-10-13").output == f"{FIRST}: already has a value for 2026-10-05\n"


def test_a_column_of_csv(base: Path, web: Web) -> None:
    table = "\ufeffday;on time\n2026-10-05;98\n2026-10-12;99\n2026-09-28;97\n"
    web.put("/t.csv", table.encode())
    metric(base, f"{{csv: {web.url}/t.csv, value: on time, day: day}}")
    assert run(base).output == f"{FIRST}: 2026-10-05,98\n"
    metric(base, f"{{csv: {web.url}/t.csv, value: on time}}")
    assert run(base).output == f"{FIRST}: 2026-10-07,97\n"


def git(root: Path, *words: str, at: str = "2026-09-30T12:00:00Z") -> None:
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    people = {f"GIT_{who}_{what}": "t@x.example" for who in ("AUTHOR", "COMMITTER")
              for what in ("NAME", "EMAIL")}  # fmt: skip
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True,
                   env={**dates, **people, "HOME": str(root), "PATH": "/usr/bin:/bin"})  # fmt: skip


def test_commits_lead_time_and_files_of_git(base: Path) -> None:
    git(base, "init", "-q", "-b", "main")
    git(base, "add", ".", at="2026-09-20T12:00:00Z")
    git(base, "commit", "-qm", "begin", at="2026-09-20T12:00:00Z")
    git(base, "checkout", "-qb", "work")
    (base / "docs").mkdir()
    (base / "docs/a.txt").write_text("a")
    git(base, "add", ".")
    git(base, "commit", "-qm", "a", at="2026-09-28T12:00:00Z")
    (base / "docs/a.txt").write_text("b")
    git(base, "commit", "-qam", "b", at="2026-09-30T12:00:00Z")
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--no-ff", "-m", "merge", "work", at="2026-10-01T12:00:00Z")
    (base / "b.txt").write_text("b")
    git(base, "add", "b.txt")
    git(base, "commit", "-qm", "later", at="2026-10-05T12:00:00Z")
    for name, what in (("m", "commits"), ("n", "lead-time"), ("f", "files")):
        metric(base, f"{{git: {what}}}" if name != "f" else "{git: files, path: docs}", name)
    assert run(base).output.splitlines() == [
        "playbooks/lead/metrics/f.csv: 2026-10-07,1",
        f"{FIRST}: 2026-10-04,2",
        "playbooks/lead/metrics/n.csv: 2026-10-04,3",
    ]
    assert "already has a value for 2026-10-04" in run(base, "lead/m").output


def test_a_folder_without_git_gives_nothing(base: Path) -> None:
    metric(base, "{git: commits}")
    result = run(base)
    assert result.exit_code == 1
    assert "git has only a part of the history here" in result.stderr


FORGES = {
    "github": {"GITHUB_REPOSITORY": "windrose/maps", "GITHUB_TOKEN": "secret"},
    "forgejo": {"GITHUB_REPOSITORY": "windrose/maps", "GITHUB_TOKEN": "secret"},
    "gitlab": {"CI_PROJECT_ID": "4", "ONRECORD_TOKEN": "secret"},
}
ISSUES = (
    # number, opened, closed: the week that is over is 28 September to 4 October.
    (1, "2026-08-28T08:00:00Z", None),
    (2, "2026-10-06T08:00:00Z", None),
    (3, "2026-09-01T08:00:00Z", "2026-09-28T00:00:00Z"),
    (4, "2026-09-30T08:00:00Z", "2026-10-04T23:59:59Z"),
    (5, "2026-09-30T08:00:00Z", "2026-10-05T00:00:00Z"),
    (6, "2026-09-30T08:00:00Z", "2026-09-27T23:59:59Z"),
    (7, "2026-10-01T08:00:00Z", None),
    (8, "2026-10-01T08:00:00Z", None),
)
REQUESTS = (
    (11, "2026-10-01T08:00:00Z", None),
    (12, "2026-09-20T08:00:00Z", "2026-10-01T09:00:00Z"),
)


def forge_env(web: Web, forge: str) -> dict[str, str]:
    if forge == "gitlab":
        return {**FORGES[forge], "CI_API_V4_URL": f"{web.url}/api/v4"}
    base = f"{web.url}/api/v1" if forge == "forgejo" else web.url
    return {**FORGES[forge], "GITHUB_API_URL": base}


def played(web: Web, forge: str, *, size: int = 3) -> None:
    """Have the server answer as a forge with those issues and requests, in its documented form."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {key: words[0] for key, words in parse_qs(parts.query).items()}
        is_open = query["state"] in ("open", "opened")
        requests = [one for one in REQUESTS if (one[2] is None) == is_open]
        issues = [one for one in ISSUES if (one[2] is None) == is_open]
        items: list[dict[str, Any]]
        if forge == "gitlab":
            is_merged = query["state"] == "merged"
            found = requests if parts.path.endswith("/merge_requests") else issues
            found = [one for one in found if is_merged == (one[0] == 12)]
            items = [
                gitlab_item(n, opened, None if is_merged else closed,
                            merged=closed if is_merged else None)
                for n, opened, closed in found
            ]  # fmt: skip
        elif forge == "forgejo":
            found = requests if query["type"] == "pulls" else issues
            items = [forgejo_issue(*one, pull=query["type"] == "pulls") for one in found]
        else:
            items = [github_issue(*one) for one in issues]
            items += [github_issue(*one, pull=True) for one in requests]
        send_page(handler, items, forge, size=size)

    web.sends = answer


@pytest.mark.parametrize("forge", FORGES)
def test_issues_and_requests_of_each_forge(base: Path, web: Web, forge: str) -> None:
    played(web, forge)
    metric(base, "{forge: issues, value: open, label: bug}")
    metric(base, "{forge: issues, value: oldest}", "o")
    metric(base, "{forge: issues, value: open, older_than: 30}", "p")
    metric(base, "{forge: issues, value: closed}", "q")
    metric(base, "{forge: requests, value: open}", "r")
    metric(base, "{forge: requests, value: closed}", "s")
    said = [
        f"{FIRST}: 2026-10-07,4",
        "playbooks/lead/metrics/o.csv: 2026-10-07,40",
        "playbooks/lead/metrics/p.csv: 2026-10-07,1",
        "playbooks/lead/metrics/q.csv: 2026-10-04,2",
        "playbooks/lead/metrics/r.csv: 2026-10-07,1",
        "playbooks/lead/metrics/s.csv: 2026-10-04,1",
    ]
    result = run(base, **forge_env(web, forge))
    assert result.output.splitlines() == said
    sent = "Private-Token" if forge == "gitlab" else "Authorization"
    assert all(headers[sent].endswith("secret") for _, headers in web.asked)
    assert "labels=bug" in web.asked[0][0]
    if forge == "github":  # whose Link names the repository by its number
        assert any(path.startswith("/repositories/1300192/issues?") for path, _ in web.asked)
    everything = "".join(p.read_text() for p in base.rglob("*") if p.is_file())
    assert "secret" not in result.output + everything


def test_a_link_to_another_host_is_not_followed(base: Path, web: Web) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query)["page"][0])
        items = [github_issue(number, "2026-10-01T08:00:00Z")]
        link = '<http://10.0.0.1/issues?page=2>; rel="next"' if number < 3 else ""
        send(handler, 200, items, {"Link": link})

    web.sends = answer
    metric(base, "{forge: issues, value: open}")
    assert run(base, **forge_env(web, "github")).output == f"{FIRST}: 2026-10-07,3\n"


def test_a_list_that_names_no_next_page_goes_on_until_a_page_is_not_full(
    base: Path, web: Web
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query)["page"][0])
        listed = [forgejo_issue(10 * number + n, "2026-10-01T08:00:00+02:00") for n in range(3)]
        send(handler, 200, listed if number < 4 else [], {})

    web.sends = answer
    metric(base, "{forge: issues, value: open}")
    assert run(base, **forge_env(web, "forgejo")).output == f"{FIRST}: 2026-10-07,9\n"
    web.sends = lambda handler: send(
        handler, 200, [github_issue(1, "2026-10-01T08:00:00Z")] * 100, {}
    )
    result = run(base, today="2026-10-13", **forge_env(web, "github"))
    assert "lists more than 50 pages; nothing was written" in result.stderr


def test_a_moment_in_a_zone_of_the_forge_is_the_day_of_utc(base: Path, web: Web) -> None:
    closed = [
        forgejo_issue(1, "2026-09-01T08:00:00Z", "2026-10-05T01:30:00+02:00"),
        forgejo_issue(2, "2026-09-01T08:00:00Z", "2026-10-04T23:30:00-01:00"),
    ]
    web.sends = lambda handler: send_page(handler, closed, "forgejo")
    metric(base, "{forge: issues, value: closed}")
    assert run(base, **forge_env(web, "forgejo")).output == f"{FIRST}: 2026-10-04,1\n"


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_forge_that_refuses_is_told_in_its_words(base: Path, web: Web, kind: str) -> None:
    status, body, headers, said = REFUSALS[kind]
    web.sends = lambda handler: send(handler, status, body, headers)
    metric(base, "{forge: issues, value: open}")
    result = run(base, **forge_env(web, "gitlab" if "GitLab" in kind else "github"))
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.endswith("; nothing was written\n")
    assert "secret" not in result.stderr
    assert (base / FIRST).read_text() == "date,value,note\n"
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "answer", [b"<html>Sign in", b"{}", b"[1]", b'[{"number": 1}]', b"", b"[" * 100_000,
               b'[{"number": 1, "iid": 1, "created_at": "today", "closed_at": null}]']
)  # fmt: skip
def test_a_forge_that_answers_otherwise_gives_nothing(base: Path, web: Web, answer: bytes) -> None:
    for path in ("/repos/windrose/maps/issues", "/api/v4/projects/4/issues"):
        web.put(path, answer)
    metric(base, "{forge: issues, value: open}")
    for forge in ("github", "gitlab"):
        result = run(base, **forge_env(web, forge))
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert rows(base) == []


def test_numbers_of_this_base(base: Path) -> None:
    (base / "decisions/a.md").write_text(
        "---\ntitle: A\nstage: align\nowner: ana\n"
        "entered: {assess: 2026-09-01, collaborate: 2026-09-03, review: 2026-09-05, "
        "integrate: 2026-09-08, align: 2026-09-11}\nconsulted: [bo, cy]\ninformed: [bo, cy, di]\n"
        "aligned: [bo]\noutcome: accepted\ndecided: 2026-09-11\n---\n"
        "## Feedback\n\n- [x] @bo: fine\n- [x] @cy: no answer by 2026-09-05\n"
    )
    (base / "decisions/b.md").write_text(
        "---\ntitle: B\nstage: assess\nowner: ana\ndue: 2026-10-01\n"
        "entered: {assess: 2026-09-20}\n---\n"
    )
    words = ("acknowledged", "answered", "days-to-outcome", "overdue")
    for word in (*words, "read-backs"):
        metric(base, f"{{base: {word}}}", word)
    result = run(base)
    numbers = dict(rows(base, f"playbooks/lead/metrics/{word}.csv")[0] for word in words[:1])
    assert numbers == {"2026-10-07": "33.33333333"}
    assert [rows(base, f"playbooks/lead/metrics/{w}.csv")[0][1] for w in words[1:]] == [
        "50",
        "10",
        "1",
    ]
    assert "read-backs.md: in the last 91 days there was nothing to count" in result.stderr
    assert rows(base, "playbooks/lead/metrics/read-backs.csv") == []


def test_the_numbers_another_base_publishes(base: Path, web: Web) -> None:
    values = [{"date": "2026-10-06", "value": 4}, {"date": "2027-01-01", "value": 9}]
    other = {"kind": "metric", "role": "desk", "id": "first", "values": values}
    web.put("/kb/records.json", {"records": [{"kind": "role", "id": "desk"}, other]})
    metric(base, f"{{numbers: {web.url}/kb/, value: desk/first}}")
    assert run(base).output == f"{FIRST}: 2026-10-06,4\n"


def test_a_command_runs_only_where_the_run_allows_it(base: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    (base / "count.sh").write_text(f"env > '{seen}'\necho 12.5\n")
    metric(base, "{command: sh count.sh}")
    names = ("ONRECORD_COLLECT_TOKENS", "GITHUB_TOKEN", "CI_JOB_TOKEN", "CI_REPOSITORY_URL")
    secret = dict.fromkeys((*names, "GITHUB_ENV", "ACTIONS_RUNTIME_TOKEN"), "h=secret")
    assert "commands run only with --commands" in run(base).stderr
    fork = run(base, "--commands", GITHUB_HEAD_REF="theirs")
    assert "the run of a pull or merge request can't start commands" in fork.stderr
    assert rows(base) == []
    assert run(base, "--commands", **secret).output == f"{FIRST}: 2026-10-07,12.5\n"
    assert "secret" not in seen.read_text()
    metric(base, "{command: sh -c 'echo 3; exit 4'}")
    assert "the command ended with status 4" in run(base, "--commands").stderr
    assert rows(base) == []


def in_git(base: Path) -> None:
    (base / ".gitignore").write_text("made\n")
    git(base, "init", "-q", "-b", "main")
    git(base, "add", ".")
    git(base, "commit", "-qm", "begin")


@pytest.mark.parametrize("is_in_git", [True, False])
def test_a_command_works_on_a_copy_that_goes_with_it(base: Path, is_in_git: bool) -> None:
    if is_in_git:
        in_git(base)
    (base / "new.txt").write_text("not committed yet")
    (base / "leads").symlink_to("new.txt")
    words = "test -f leads && echo 9 >> playbooks/lead/metrics/m.csv && rm new.txt && mkdir x "
    words += "&& ls playbooks && git log --format=%s && " if is_in_git else "&& "
    metric(base, json.dumps({"command": f"sh -c '{words} chmod a-w . x && echo 5'"}))
    everything = sorted(path.relative_to(base) for path in base.rglob("*"))
    assert run(base, "--commands").output == f"{FIRST}: 2026-10-07,5\n"
    assert rows(base) == [["2026-10-07", "5"]]
    assert sorted(path.relative_to(base) for path in base.rglob("*")) == everything
    if is_in_git:
        assert (base / ".git/HEAD").read_text() == "ref: refs/heads/main\n"


def test_a_command_finds_its_base_below_the_top_of_a_repository(base: Path, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/count.sh").write_text("git rev-list --count HEAD -- .\n")
    in_git(tmp_path)
    metric(base, "{command: sh ../scripts/count.sh}")
    assert run(base, "--commands").output == f"{FIRST}: 2026-10-07,1\n"


def test_a_command_that_changes_the_repository_all_the_same_gives_nothing(base: Path) -> None:
    in_git(base)
    for name in ("decisions/new.md", "playbooks/lead/index.md"):
        metric(base, json.dumps({"command": f"sh -c 'echo x >> \"{base}/{name}\"; echo 5'"}))
        result = run(base, "--commands")
        assert "the command changed files of the repository: look at git status" in result.stderr
        assert rows(base) == []
        assert "\nx\n" in f"\n{(base / name).read_text()}"


# What fails writes nothing, and says so.

BAD: dict[str, tuple[int, bytes, str]] = {
    "a web page": (200, b"<!DOCTYPE html><p>Sign in", "its answer is a web page, not JSON"),
    "no JSON": (200, b"{n: 1}", "its answer isn't JSON"),
    "nothing": (200, b"", "its answer isn't JSON"),
    "deep": (200, b"[" * 200_000, "its answer isn't JSON"),
    "no text": (200, b"\xff\xfe1", "its answer isn't text in UTF-8"),
    "NaN": (200, b'{"n": NaN}', "its JSON holds NaN, which isn't a number"),
    "too large": (200, b'{"n": 1e999}', "the value is inf, not a number"),
    "a huge number": (200, b'{"n": 1' + b"0" * 400 + b"}", "not a number"),
    "a comma": (200, b'{"n": "1.234,56"}', "it must have a point, not a comma"),
    "a unit": (200, b'{"n": "12 EUR"}', "the value is 12 EUR, not a number"),
    "a list": (200, b'{"n": [1]}', "the value is a list, not a number"),
    "true": (200, b'{"n": true}', "the value is true or false, not a number"),
    "no such key": (200, b'{"m": 1}', "there is no value there"),
    "an error": (503, b'{"n": 1}', "it answers 503"),
    "the future": (
        200,
        b'{"n": 1, "d": "2026-10-08"}',
        "its value is for 2026-10-08, which is in the future",
    ),
    "a strange day": (200, b'{"n": 1, "d": "08.10.2026"}', "isn't written YYYY-MM-DD"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_source_that_fails_writes_nothing_and_says_so(base: Path, web: Web, kind: str) -> None:
    status, body, said = BAD[kind]
    web.put("/n", body, status)
    day = ", day: d" if b'"d"' in body else ""
    metric(base, f"{{json: {web.url}/n, value: n{day}}}")
    result = run(base)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.rstrip().endswith("; nothing was written")
    assert result.stderr.count("\n") == 1
    assert (base / FIRST).read_text() == "date,value,note\n"


def test_one_source_that_fails_keeps_none_of_the_others(base: Path, web: Web) -> None:
    web.put("/n", {"n": 1})
    metric(base, f"{{json: {web.url}/none, value: n}}", "a")
    metric(base, f"{{json: {web.url}/n, value: n}}")
    result = run(base, "--json")
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)
    assert (first["fault"], first["new"]) == ("it answers 404", False)
    assert (second["value"], second["day"], second["new"]) == (1.0, "2026-10-07", True)


ODD_TABLES = {
    "v\n98,5\n": "its last row has more columns than its head, which are v; a number must",
    "day;v\n2026-10-05;98,5\n": "it must have a point, not a comma",
    'v\n"98\n': "it isn't CSV: unexpected end of data",
    'v\n"98"5\n': "it isn't CSV: ',' expected after '\"'",
    "v,v\n1,2\n": "it has more than one column v",
    "w\n1\n": "it has no column v; its columns are w",
    "v\n": "the table has no rows",
    "": "it has no column v; its columns are none",
    "v\n1_000\n": "the value is 1_000, not a number",
    "v\n\u0667\n": "not a number",
    "v\n=1+1\n": "the value is =1+1, not a number",
    f"v\n{'9' * 200_000}\n": "it isn't CSV: field larger than field limit",
}


@pytest.mark.parametrize("table", ODD_TABLES)
def test_an_odd_table_gives_nothing(base: Path, web: Web, table: str) -> None:
    web.put("/t.csv", table.encode())
    metric(base, f"{{csv: {web.url}/t.csv, value: v}}")
    result = run(base)
    assert ODD_TABLES[table] in result.stderr
    assert rows(base) == []


def test_rows_of_one_day_must_agree(base: Path, web: Web) -> None:
    metric(base, f"{{csv: {web.url}/t.csv, value: v, day: d}}")
    web.put("/t.csv", b"d,v\n2026-10-05,1\n2026-10-06,2\n2026-10-06T08:00,3\n")
    assert "2 rows have the day 2026-10-06, with different values" in run(base).stderr
    web.put("/t.csv", b"d,v\n2026-10-05,1,,\n2026-10-06,2,98\n")
    assert "more columns than its head" in run(base).stderr
    assert rows(base) == []
    web.put("/t.csv", b"d,v\n2026-10-06,2,,\n2026-10-06,2\n2026-10-05,1,98\n")
    assert run(base).output == f"{FIRST}: 2026-10-06,2\n"


def test_a_packed_answer_is_not_unpacked(base: Path, web: Web) -> None:
    bomb = gzip.compress(b'{"n": 1}' + b" " * 50_000_000)
    assert len(bomb) < 100_000
    metric(base, f"{{json: {web.url}/n, value: n}}")
    for headers in ({"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}, {}):
        web.put("/n", bomb, **headers)
        result = run(base)
        assert result.exit_code == 1
        assert ("compressed" in result.stderr) == bool(headers)
        assert rows(base) == []
    assert all(headers["Accept-Encoding"] == "identity" for _, headers in web.asked)


def test_a_collect_that_cant_be_read_is_no_silence(base: Path, web: Web) -> None:
    metric(base, "{json: ../../etc/passwd, value: n}")
    for words in ((), ("lead/m",)):
        result = run(base, *words)
        assert result.exit_code == 1
        assert f"{FIRST.replace('.csv', '.md')}: line 4: " in result.stderr
        assert rows(base) == []


@pytest.mark.parametrize("today", ["0001-01-01", "0001-01-03", "9999-12-31"])
def test_the_ends_of_the_calendar_stop_nothing(base: Path, web: Web, today: str) -> None:
    web.put("/n", {"n": 1})
    for cadence in ("weekly", "monthly", "quarterly"):
        metric(base, f"{{json: {web.url}/n, value: n}}", cadence=cadence)
        assert run(base, today=today).output == f"{FIRST}: {today},1\n"


def test_an_expression_that_fails_is_told(base: Path, web: Web) -> None:
    web.put("/n", {"n": "x"})
    for expression in ("n[", "sum(n)", "nosuch(n)"):
        metric(base, json.dumps({"json": f"{web.url}/n", "value": expression}))
        assert f"the expression {expression} fails: " in run(base).stderr


# What an address may not do.


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "0.0.0.0",
             "192.168.0.1", "[::ffff:127.0.0.1]", "[fd00::1]", "2130706433", "127.1"]
)  # fmt: skip
def test_no_address_of_this_machine_or_a_private_network(base: Path, web: Web, host: str) -> None:
    web.put("/n", {"n": 1})
    metric(base, json.dumps({"json": f"http://{host}:{web.port}/n", "value": "n"}))
    result = run(base, ONRECORD_COLLECT_ALLOW="other.example")
    assert "name it in ONRECORD_COLLECT_ALLOW" in result.stderr
    assert web.asked == []


def test_addresses_that_hold_a_private_one_are_private() -> None:
    hidden = ("64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:10.0.0.1", "fe80::1%eth0", "224.0.0.1")
    old_forms = ("::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "64:ff9b:1::a00:1", "5f00::1")
    of_the_cloud = ("169.254.169.254", "168.63.129.16", "::ffff:168.63.129.16", "fd00:ec2::254")
    assert not any(map(is_public, (*hidden, *old_forms, *of_the_cloud)))
    assert all(map(is_public, ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")))


def test_a_redirect_is_checked_as_the_first_address(base: Path, web: Web) -> None:
    for target, said in (
        (f"http://localhost:{web.port}/n", "the run doesn't allow"),
        ("file:///etc/passwd", "something that isn't a web address"),
        ("/loop", "it redirects more than 5 times"),
        ("", "it redirects"),
        ("http://[", "something that isn't a web address"),
        ("http://127.0.0.1:99999/", "isn.t an address"),
        ("//me:word@127.0.0.1/", "the address has a name or password, which isn't sent"),
    ):
        web.put("/loop", b"", 302, Location=target)
        with pytest.raises(SourceFails, match=said):
            ask(f"{web.url}/loop", Access(frozenset({"127.0.0.1"})))
    web.put("/n", {"n": 1})
    web.put("/moved", b"", 301, Location="n")
    assert ask(f"{web.url}/moved", Access(frozenset({"127.0.0.1"}))) == b'{"n": 1}'


def test_an_address_of_ipv6_is_asked_at_the_usual_port() -> None:
    with pytest.raises(SourceFails, match=r"^::abcd is this machine"):
        ask("http://[::abcd]/n", Access())
    with pytest.raises(SourceFails, match="can't be reached"):
        ask("http://[::abcd]/n", Access(frozenset({"::abcd"}), patience=5))
    with pytest.raises(SourceFails, match="can't be reached"):
        ask("http://[::abcd]:7/n", Access(frozenset({"[::abcd]:7"}), patience=5))


def test_no_redirect_leaves_https_however_it_is_written() -> None:
    for secure in ("https://host/n", "HTTPS://host/n"):
        with pytest.raises(SourceFails, match="without https"):
            following(secure, "http://host/n")
        assert following(secure, "HTTPS://host/m").casefold() == "https://host/m"


def test_a_token_that_no_header_can_hold_is_not_sent_and_not_shown(base: Path, web: Web) -> None:
    metric(base, f"{{json: {web.url}/n, value: n}}")
    result = run(base, ONRECORD_COLLECT_TOKENS=f"127.0.0.1:{web.port}=hush…hush")
    assert (
        f"the token for 127.0.0.1:{web.port} has characters that no token can have" in result.stderr
    )
    assert "hush" not in result.output
    assert web.asked == []


def test_a_token_goes_to_its_host_alone_and_nowhere_else(base: Path, web: Web) -> None:
    web.put("/n", b"", 302, Location=f"http://localhost:{web.port}/m")
    web.put("/m", {"n": 1})
    metric(base, f"{{json: {web.url}/n, value: n}}")
    allowed = {"ONRECORD_COLLECT_ALLOW": "127.0.0.1 localhost"}
    tokens = {"ONRECORD_COLLECT_TOKENS": f"127.0.0.1:{web.port}=hush-hush other=x"}
    result = run(base, **allowed, **tokens)
    assert [headers.get("Authorization") for _, headers in web.asked] == ["Bearer hush-hush", None]
    everything = "".join(p.read_text() for p in base.rglob("*") if p.is_file())
    assert "hush" not in result.output + result.stderr + everything


def test_an_answer_without_an_end_is_cut_off(web: Web) -> None:
    def much(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        sent = 0
        while sent < 10_000_000_000:
            try:
                sent += handler.wfile.write(b"x" * 1_000_000)
            except OSError:
                return

    def drops(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            try:
                handler.wfile.write(b"1")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    access = Access(frozenset({"127.0.0.1"}), patience=0.5)
    web.sends = much
    with pytest.raises(SourceFails, match="its answer is larger than 10 MB"):
        ask(web.url, Access(frozenset({"127.0.0.1"})))
    web.sends = drops
    with pytest.raises(SourceFails, match=r"it has not answered within 0\.5 seconds"):
        ask(web.url, access)
    web.sends = lambda _: time.sleep(1)
    with pytest.raises(SourceFails, match=r"it has not answered within 0\.5 seconds"):
        ask(web.url, access)


def test_an_answer_that_breaks_off_is_none(base: Path, web: Web) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b'{"n": 1}')

    web.sends = half
    metric(base, f"{{json: {web.url}/n, value: n}}")
    assert "its answer is incomplete" in run(base).stderr


# Thirteen weeks.


def test_thirteen_weeks_with_failures_give_no_wrong_row_and_no_double(base: Path, web: Web) -> None:
    metric(base, f"{{json: {web.url}/n, value: n}}")
    begin, fails = date(2026, 1, 5), {3, 4, 8}
    for day in range(13 * 7):
        today, week = begin + timedelta(days=day), day // 7
        web.put("/n", {"n": week} if week not in fails else b"<html>", 200 if week != 8 else 500)
        run(base, today=today.isoformat())
    values = only(base).values
    assert [v.value for v in values] == [week for week in range(13) if week not in fails]
    assert [v.day for v in values] == [
        begin + timedelta(weeks=week) for week in range(13) if week not in fails
    ]
    card = scorecard(only(base), begin + timedelta(days=13 * 7 - 1))
    gaps = [n for n, period in enumerate(card.periods) if period.value is None]
    assert gaps == sorted(fails)
    assert card.periods[3].standing is Standing.NO_DATA


# Wrong use.


def test_a_metric_is_named_as_the_role_and_the_metric(base: Path) -> None:
    metric(base, "{base: overdue}")
    assert run(base, "lead/m").output == f"{FIRST}: 2026-10-07,0\n"
    assert run(base, "playbooks/lead/metrics/m.md").exit_code == 0
    assert "no metric 'lead/n'" in run(base, "lead/n").stderr
    (base / "playbooks/lead/metrics/m.md").write_text("---\ntitle: m\ncadence: weekly\n---\n")
    result = run(base, "lead/m")
    assert (result.exit_code, "its values come by hand" in result.stderr) == (2, True)
    assert run(base).output == "No metric has `collect`, so there is nothing to take.\n"
