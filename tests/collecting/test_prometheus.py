"""Numbers of Prometheus: of a real server where there is one, and of what a real one answered.

`make test` names the program in ONRECORD_PROMETHEUS, and installs it on Debian. Without it the
recorded answers are taken alone, and `.ci/prometheus` says so.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from collecting_runs import Web, metric, rows, run

RECORDED: dict[str, tuple[int, str]] = json.loads(
    (Path(__file__).parents[1] / "fixtures/prometheus.json").read_text("utf-8")
)
"""What Prometheus 2.42 of Debian answered to these queries: the status and the body."""

SAID = {
    "sum(vector(7))": "2026-10-07,7",
    "42": "2026-10-07,42",
    "vector(0.1)+0.2": "2026-10-07,0.3",
    "vector(0)/0": "the value is NaN, not a number",
    "vector(1e300)*1e10": "the value is +Inf, not a number",
    'up{job="none"}': "the query gives 0 numbers, not one",
    'vector(1) or label_replace(vector(2),"a","b","","")': "the query gives 2 numbers, not one",
    "vector(1)[2m:1m]": "the query gives no single number",
    '"x"': "the value is x, not a number",
    "sum(": "it answers 400: invalid parameter",
}
PROGRAM = shutil.which(os.environ.get("ONRECORD_PROMETHEUS") or "prometheus")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that these tests start; '' where there is no such program."""
    if PROGRAM is None:
        yield ""
        return
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "prometheus.yml").write_text("global: {}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [PROGRAM, f"--config.file={folder}/prometheus.yml", "--log.level=error",
               f"--storage.tsdb.path={folder}/data", f"--web.listen-address={place}"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + 60
            while not _is_ready(place):
                assert server.poll() is None, "Prometheus has ended"
                assert time.monotonic() < until, "Prometheus isn't ready after a minute"
                time.sleep(0.05)
            yield f"http://{place}"
        finally:
            server.kill()


def _is_ready(place: str) -> bool:
    try:
        with urlopen(f"http://{place}/-/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def recorded(web: Web) -> str:
    """The address of a server that answers as Prometheus has answered."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        query = parse_qs(urlsplit(handler.path).query)["query"][0]
        status, body = RECORDED[query]
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    web.sends = answer
    return f"{web.url}/prom/"


@pytest.mark.parametrize("query", SAID)
def test_a_query_gives_one_number_or_says_why_not(
    base: Path, web: Web, real: str, query: str
) -> None:
    for address in filter(None, (recorded(web), real)):
        metric(base, json.dumps({"prometheus": address, "value": query}))
        assert SAID[query] in run(base).output
        assert len(rows(base)) == SAID[query].startswith("2026")


def test_a_real_server_answers_in_the_recorded_form(real: str) -> None:
    assert SAID.keys() == RECORDED.keys()
    for query in RECORDED if real else ():
        assert _form(query, real) == _shape(json.loads(RECORDED[query][1]))


def _form(query: str, real: str) -> Any:
    address = f"{real}/api/v1/query?{urlencode({'query': query})}"
    try:
        with urlopen(address, timeout=30) as answer:
            return _shape(json.load(answer))
    except HTTPError as error:
        with error:
            return _shape(json.load(error))


def _shape(value: Any) -> Any:
    """A value without its moments and its messages."""
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in value.items() if key != "error"}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return value if isinstance(value, str) else type(value) in (int, float)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"warnings": ["store eu-1 can't be reached"]}, "its answer is incomplete: store eu-1"),
        ({"warnings": ["PromQL info: metric might not be a counter"]}, "2026-10-07,7"),
        ({"status": "error"}, "its answer isn't one of Prometheus"),
        ({"data": []}, "its answer isn't one of Prometheus"),
        ({"data": {"resultType": "vector", "result": [{"histogram": [1, {}]}]}}, "no single"),
    ],
)
def test_half_an_answer_is_none(base: Path, web: Web, answer: dict[str, Any], said: str) -> None:
    whole = json.loads(RECORDED["sum(vector(7))"][1])
    web.put("/api/v1/query", {**whole, **answer})
    metric(base, f"{{prometheus: {web.url}, value: x}}")
    assert said in run(base).output
