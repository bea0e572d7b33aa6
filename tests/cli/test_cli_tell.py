"""`onrecord tell`: what is new for each person, once, over real channels."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result
from serving import Quiet, serving

from onrecord.cli import main
from onrecord.overview.telling import next_at_work
from onrecord.records.model import Person

ROLE = "---\ntitle: Lead\npurpose: Pay is right.\nholder: ana\nbackups: [bob]\n---\n"
PEOPLE = """
ana: {name: Ana A, timezone: Europe/Lisbon, hours: 9-17, mail: ana@example.org}
bob: {name: Bob B, timezone: America/New_York, hours: "8:30-16:30", mail: bob@example.org}
cy: {name: Cy C}
"""
PAY = "decisions/pay.md"


def decision(stage: str = "collaborate", due: str = "2026-10-09", more: str = "") -> str:
    return (
        f"---\ntitle: Pay on the 28th\nstage: {stage}\nowner: lead\ndue: {due}\n"
        f"consulted: [bob, cy]\ninformed: [bob, cy]\n{more}---\n\n## Problem\n\nRent.\n"
    )


class Team:
    """A knowledge base in a repository of its own, whose commits have a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "decisions").mkdir(parents=True)
        self._git("init", "-q", "-b", "main")
        self.commit(
            "2026-10-01T09:00:00+00:00",
            {
                "decisions/.gitkeep": "",
                "playbooks/lead/index.md": ROLE,
                "playbooks/people.yml": PEOPLE,
                "mkdocs.yml": "site_name: x\nsite_url: https://kb.example.org/\n",
            },
        )

    def commit(self, moment: str, files: dict[str, str]) -> str:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")
        self._git("add", "-A")
        self._git("commit", "-q", "--allow-empty", "-m", "x", moment=moment)
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *words: str, moment: str = "") -> str:
        times = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment} if moment else {}
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        return subprocess.run(
            ["git", "-C", self.root, *who, *words],
            env=os.environ | times,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def tell(self, since: str, at: str, *words: str) -> Result:
        given = ["--root", str(self.root), "--today", at[:10]]
        asked = ["--since", since] if since else []
        result = CliRunner().invoke(main, [*given, "tell", *asked, "--at", at, *words])
        wrong = result.exception
        assert wrong is None or isinstance(wrong, SystemExit), result.output
        return result

    def run(self, now: datetime, *words: str) -> str:
        """What `tell` says on a day."""
        given = ["--root", str(self.root), "--today", str(now.date()), "tell", *words]
        return CliRunner().invoke(main, given, catch_exceptions=False).stdout

    def told(self, since: str, at: str, *words: str) -> list[tuple[str, str, str]]:
        told = json.loads(self.tell(since, at, "--json", *words).stdout)
        return [(one["who"], one["reason"], one["title"]) for one in told]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path / "team")


def test_a_commit_tells_whom_it_asks_and_the_team_what_it_brings(team: Team) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})
    assert team.told("HEAD~1", "2026-10-05T10:05") == [
        ("bob", "new for you", "Pay on the 28th"),
        ("cy", "new for you", "Pay on the 28th"),
        ("", "what happened", "Pay on the 28th"),
    ]
    assert team.told("HEAD", "2026-10-05T10:06") == []
    assert team.told("2026-10-05", "2026-10-06T08:00") == []  # a day brings nothing of it


def test_a_message_names_the_person_what_to_do_and_where(team: Team) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})
    result = team.tell("HEAD~1", "2026-10-05T10:05", "--dry-run")
    assert result.stdout.splitlines()[-6:] == [
        "To @cy: On record: 1 thing for you",
        "  Hello Cy C,",
        "  ",
        "  New for you:",
        "  - Pay on the 28th: give feedback: your feedback is asked for, due 2026-10-09",
        "    https://kb.example.org/decisions/pay/?me=cy",
    ]


def test_a_message_leads_to_where_the_page_is(team: Team) -> None:
    site = "site_url: https://kb.example.org/\nuse_directory_urls: false\n"
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision(), "mkdocs.yml": site})
    result = team.tell("HEAD~1", "2026-10-05T10:05", "--dry-run")
    assert "    https://kb.example.org/decisions/pay.html?me=cy" in result.stdout.splitlines()


def test_days_tell_what_is_soon_due_and_late_and_a_missed_day_is_caught_up(team: Team) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})
    soon = [(who, "due soon", "Pay on the 28th") for who in ("bob", "cy")]
    late = [(who, "late", "Pay on the 28th") for who in ("bob", "cy")]
    assert team.told("2026-10-06", "2026-10-07T08:00") == soon
    assert team.told("2026-10-07", "2026-10-08T08:00") == []
    caught_up = team.told("2026-10-08", "2026-10-12T08:00")
    assert [one for one in caught_up if one[0] != "ana"] == late
    assert ("ana", "new for you", "Pay on the 28th") in caught_up  # it is overdue: the owner's turn


def test_feedback_is_told_to_who_answers_and_an_answer_to_who_asked(team: Team) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})
    said = "---\nfrom: bob\nsays: feedback\n---\n\nWhat about bank holidays?\n"
    team.commit("2026-10-06T10:00:00+00:00", {"decisions/pay/2026-10-06-bob.md": said})
    assert team.told("HEAD~1", "2026-10-06T10:05") == [("ana", "replies", "Pay on the 28th")]
    answer = "---\nfrom: ana\nsays: answer\nto: 2026-10-06-bob\n---\n\nThe day before.\n"
    team.commit("2026-10-07T10:00:00+00:00", {"decisions/pay/2026-10-07-ana.md": answer})
    assert ("bob", "replies", "Pay on the 28th") in team.told("HEAD~1", "2026-10-07T10:05")


def test_nobody_is_told_outside_their_hours_and_then_once(team: Team) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})  # 6 in the morning in New York
    at_once = team.told("HEAD~1", "2026-10-05T10:05", "--hours")
    assert [who for who, *_ in at_once] == ["cy", ""]
    runs = [f"2026-10-05T{hour}:00" for hour in range(11, 18)]
    later = [team.told(one, other, "--hours") for one, other in pairwise(runs)]
    assert later == [[], [("bob", "new for you", "Pay on the 28th")], [], [], [], []]


def test_a_month_of_rebuilds_tells_each_ask_once_and_none_outside_hours(team: Team) -> None:
    """Fifty rebuilds: one with each commit, the others hourly, most of which never ran."""
    chance = random.Random(7)
    begin = datetime(2026, 10, 1, 12, tzinfo=UTC)
    minutes = sorted(chance.sample(range(1, 30 * 24 * 60), 50))
    moments = [begin + timedelta(minutes=one) for one in minutes]
    commits = set(chance.sample(moments[:-8], 18))
    bob = Person("bob", timezone="America/New_York", hours="8:30-16:30")
    asked: set[tuple[str, ...]] = set()
    counted: Counter[tuple[str, ...]] = Counter()
    begun: list[tuple[int, list[str]]] = []
    hourly = begin

    def tell(since: str, now: datetime) -> None:
        said = ("--since", since, "--at", now.isoformat(), "--json", "--hours")
        told = [json.loads(team.run(now, *said)) for _ in range(2)]
        assert told[0] == told[1]
        for one in told[0]:
            assert one["who"] != "bob" or next_at_work(bob, now) == now
            if one["reason"] == "new for you":
                counted[one["who"], one["title"], one["what"].partition(":")[0]] += 1

    for now in moments:
        if now not in commits:
            tell(hourly.isoformat(), now)
            hourly = now
            continue
        if begun and chance.random() < 0.4:
            number, who = begun.pop(0)
            more = f"outcome: accepted\ndecided: {now.date()}\n"
            text, ask, people = decision("align", "2026-12-20", more), "acknowledge", ["bob", "cy"]
        else:
            number, who = len(asked), chance.sample(["bob", "cy"], chance.randint(1, 2))
            begun.append((number, who))
            text, ask, people = decision(due="2026-12-20"), "give feedback", who
        text = text.replace("Pay on the 28th", f"Step {number}")
        text = text.replace("consulted: [bob, cy]", f"consulted: [{', '.join(who)}]")
        team.commit(now.isoformat(), {f"decisions/s{number}.md": text})
        asked |= {(one, f"Step {number}", ask) for one in people}
        tell("HEAD~1", now)
    tell(hourly.isoformat(), moments[-1] + timedelta(days=4))
    assert dict(counted) == dict.fromkeys(asked, 1)
    assert {ask for *_, ask in asked} == {"give feedback", "acknowledge"}


METRIC = "---\ntitle: On time\ncadence: monthly\ntarget: 99\ndirection: up\n---\n"
BACK = "## Read-back\n\nMine for a time.\n"


def test_the_week_is_one_page_for_the_team(team: Team) -> None:
    files = {f"decisions/s{number}.md": decision().replace("Pay", f"Step {number}, pay")
             for number in range(10)}  # fmt: skip
    closed = "outcome: accepted\ndecided: 2026-10-07\nentered: {integrate: 2026-10-07}\n"
    files["decisions/hire.md"] = decision("integrate", more=closed).replace("Pay", "Hire")
    files["decisions/old.md"] = decision("assess", "2026-09-30").replace("Pay", "Old")
    files["playbooks/lead/metrics/on-time.md"] = METRIC
    files["playbooks/lead/metrics/on-time.csv"] = "date,value,note\n2026-10-05,91,\n"
    files["playbooks/lead/handoffs/h.md"] = (
        "---\nfrom: ana\nto: bob\neffective: 2026-10-06\nuntil: 2026-10-20\n"
        f"accepted_on: 2026-10-06\n---\n\n{BACK}\n"
        "## Open loops\n\n- [ ] Call the bank: today @cy due:2026-10-09\n"
    )
    team.commit("2026-10-07T10:00:00+00:00", files)
    shown = team.tell("", "2026-10-08T10:00", "--digest", "--dry-run").stdout.split("\n")
    assert shown[0] == "To the team: On record: the week"
    text = "\n".join(line.strip() for line in shown if "https://" not in line).replace("@ ", "@")
    assert "Decided in the last seven days:\n- Hire on the 28th: accepted" in text
    assert "Handed on in the last seven days:\n- Lead: handoff from Ana A to Bob B accepted" in text
    assert "Due in the next seven days:\n- Step 0, pay on the 28th: collaborate ends, @bob" in text
    assert "- and 3 more" in text
    assert "Stuck:\n- Old on the 28th: in assess, waits for Lead, due 2026-09-30" in text
    assert "Off target:\n- On time: 91, target 99" in text


def test_the_week_is_told_once_and_a_missed_monday_by_the_next_run(team: Team) -> None:
    closed = "outcome: accepted\ndecided: 2026-10-07\nentered: {integrate: 2026-10-07}\n"
    team.commit("2026-10-07T10:00:00+00:00", {PAY: decision("integrate", more=closed)})
    week = ("", "decided in the last seven days", "Pay on the 28th")
    runs = [datetime(2026, 10, 12, 5, 37, tzinfo=UTC) + timedelta(hours=h) for h in range(30)]
    for step in (1, 3, 7):
        told = [
            one
            for before, now in pairwise(runs[::step])
            for one in team.told(before.isoformat(), now.isoformat(), "--hours", "--digest")
        ]
        assert told.count(week) == 1
    assert week not in team.told("2026-10-13", "2026-10-13T20:00", "--digest")


def test_the_week_of_nothing_is_no_message(team: Team) -> None:
    assert team.tell("", "2026-10-03T10:00", "--digest").stdout == "There is nothing new to tell.\n"
    assert team.tell("HEAD", "2026-10-03T10:00", "--digest").exit_code == 2
    assert team.tell("", "2026-10-03T10:00").exit_code == 2


@pytest.fixture
def mailbox() -> Iterator[tuple[str, list[Any]]]:
    got: list[Any] = []

    class Box:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            got.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    server.start()
    yield f"mailto://127.0.0.1:{port}/?from=kb@example.org&mode=insecure", got
    server.stop()


@pytest.fixture
def hook() -> Iterator[tuple[str, list[str]]]:
    got: list[str] = []

    class Receiver(Quiet):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(500 if self.path.startswith("/broken") else 200)
            self.end_headers()

    with serving(Receiver) as address:
        yield address.replace("http:", "json:"), got


def test_mail_goes_to_the_person_and_the_rest_to_the_team(
    team: Team,
    mailbox: tuple[str, list[Any]],
    hook: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})
    monkeypatch.setenv("ONRECORD_MAIL", mailbox[0])
    monkeypatch.setenv("ONRECORD_TELL", hook[0])
    result = team.tell("HEAD~1", "2026-10-05T10:05")
    assert (result.exit_code, result.stdout) == (0, "2 sent, 0 failed.\n")
    ((to, mail),) = mailbox[1]
    assert to == ["bob@example.org"]
    assert "Pay on the 28th" in str(mail)
    assert "Pay on the 28th" in hook[1][0]


def test_a_channel_that_fails_stops_no_other_and_shows_no_address(
    team: Team, hook: tuple[str, list[str]]
) -> None:
    team.commit("2026-10-05T10:00:00+00:00", {PAY: decision()})
    ways = ["--to", f"{hook[0]}/broken", "--to", "nonsense", "--to", f"{hook[0]}/fine"]
    result = team.tell("HEAD~1", "2026-10-05T10:05", *ways)
    assert result.exit_code == 1
    assert "1 sent, 2 failed." in result.output
    assert "127.0.0.1" not in result.output
    assert len(hook[1]) == 2


STARTER = resources.files("onrecord.drafting") / "starter"


def test_on_gitlab_an_hour_that_was_missed_is_told_by_the_next_run(
    team: Team, hook: tuple[str, list[str]]
) -> None:
    """The job as it is in the starter, with the forge played by a local server."""
    asked: list[tuple[str, str]] = []
    last: list[str] = []

    class Forge(Quiet):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["JOB-TOKEN"]))
            ran = [{"deployable": {"pipeline": {"created_at": one}}} for one in last]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(ran).encode())

    job = yaml.safe_load((STARTER / "dot-gitlab-ci.yml").read_text("utf-8"))["tell-hourly"]
    steps = [line for line in job["script"] if not line.startswith("pip ")]

    def run(forge: str, at: str) -> str:
        names = {
            **job["variables"],
            "CI_API_V4_URL": f"{forge}/api/v4",
            "CI_PROJECT_ID": "5",
            "CI_JOB_TOKEN": "secret",
            "CI_PIPELINE_CREATED_AT": at,
            "ONRECORD_TELL": hook[0],
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        command = ["bash", "-euo", "pipefail", "-c", "\n".join(steps)]
        done = subprocess.run(
            command, cwd=team.root, env=os.environ | names, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    begun = decision().replace("stage: collaborate", "stage: assess")
    team.commit("2026-10-07T10:00:00+00:00", {PAY: begun})
    with serving(Forge) as forge:
        assert "nothing new" in run(forge, "2026-10-10T07:37:00Z")  # the first run knows no other
        last.append("2026-10-11T07:37:00.000Z")
        assert run(forge, "2026-10-13T07:37:00.000Z") == "1 sent, 0 failed.\n"
        assert "On record: the week" in hook[1][0]
        last[:] = ["2026-10-13T07:37:00.000Z"]
        assert "nothing new" in run(forge, "2026-10-13T08:37:00.000Z")
    assert {token for _, token in asked} == {"secret"}
    assert all("/projects/5/deployments?environment=tell&status=success" in p for p, _ in asked)


def test_a_title_mentions_nobody_and_begins_no_line_of_its_own(team: Team) -> None:
    text = decision().replace("Pay on the 28th", '"@everyone <!channel>\\nBcc: x ![a](http://y)"')
    team.commit("2026-10-05T10:00:00+00:00", {PAY: text})
    shown = team.tell("HEAD~1", "2026-10-05T10:05", "--dry-run").stdout
    assert "@everyone" not in shown
    assert "<!channel>" not in shown
    assert "http://y" not in shown
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("Bcc")]


@pytest.mark.parametrize("since", ["nonsense", "--output=x", "2026-13-01", "2026-10-05T99:00"])
def test_what_is_neither_a_revision_nor_a_time_is_refused(team: Team, since: str) -> None:
    result = team.tell(since, "2026-10-05T10:05")
    assert result.exit_code == 2
    assert "--since" in result.output


def test_a_day_that_hours_are_read_of_ends_and_begins_with_the_zone(team: Team) -> None:
    person = Person("ana", timezone="Europe/Lisbon", hours="9-17")
    friday = datetime(2026, 10, 23, 17, tzinfo=UTC)  # six in the evening there; clocks go back
    assert next_at_work(person, friday) == datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert date(2026, 10, 26).weekday() == 0
