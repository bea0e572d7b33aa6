"""A proxy of the environment: what it is asked for, and that it leads to no private address."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from collecting_runs import FIRST, Web, metric, run
from forge_answers import send
from serving import Quiet, serving

from onrecord.collecting.asking import Access, SourceFails, ask

PUBLIC = "93.184.216.34"


@dataclass
class Proxy:
    """A proxy that keeps what it was asked, and answers in the place of the host."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    hello: bytes = b""
    refuses: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    here = Proxy()

    class Handler(Quiet):
        def do_GET(self) -> None:
            here.asked.append((self.command, self.path, dict(self.headers)))
            send(self, here.refuses or 200, {"n": 7}, {})

        def do_CONNECT(self) -> None:
            here.asked.append((self.command, self.path, dict(self.headers)))
            self.send_response(here.refuses or 200)
            self.end_headers()
            if not here.refuses:
                here.hello = self.connection.recv(2000)
            self.close_connection = True

    with serving(Handler) as address:
        here.port = int(address.rpartition(":")[2])
        yield here


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of some names: each is looked up anew, and answers the next of its list."""
    known: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def found(host: str, port: int, *words: Any, **more: Any) -> Any:
        if host in known:
            place = known[host].pop(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]
        return really(host, port, *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return known


def by(proxy: Proxy, *allowed: str, no: str = "") -> Access:
    proxies = {"http": proxy.url, "https": proxy.url, "no": no}
    return Access(frozenset(allowed), proxies=proxies, patience=5)


def test_it_is_asked_for_the_address_that_was_checked(
    proxy: Proxy, names: dict[str, list[str]]
) -> None:
    names["numbers.example"] = [PUBLIC, "10.0.0.1"]  # a name that moves after it was checked
    assert ask("http://numbers.example/n?a=1", by(proxy)) == b'{"n": 7}'
    ((_, path, headers),) = proxy.asked
    assert (path, headers["Host"]) == (f"http://{PUBLIC}:80/n?a=1", "numbers.example")
    names["numbers.example"] = ["10.0.0.1"]
    with pytest.raises(SourceFails, match="in a private network, which the run doesn't allow"):
        ask("http://numbers.example/n", by(proxy))
    with pytest.raises(SourceFails, match=r"169\.254\.169\.254 is this machine or in a private"):
        ask("http://169.254.169.254/latest", by(proxy))
    assert len(proxy.asked) == 1


def test_a_host_that_is_allowed_it_looks_up_itself(proxy: Proxy) -> None:
    assert ask("http://inside.invalid:8080/n", by(proxy, "inside.invalid")) == b'{"n": 7}'
    ((_, path, headers),) = proxy.asked
    assert (path, headers["Host"]) == ("http://inside.invalid:8080/n", "inside.invalid:8080")


def test_a_redirect_is_checked_too(web: Web, names: dict[str, list[str]]) -> None:
    names["numbers.example"] = [PUBLIC]
    web.put("/n", b"", 302, Location="http://10.0.0.1/n")
    with pytest.raises(SourceFails, match=r"10\.0\.0\.1 is this machine or in a private network"):
        ask("http://numbers.example/n", Access(proxies={"http": web.url}, patience=5))
    assert len(web.asked) == 1


def test_it_tunnels_https_to_the_checked_address_under_the_hosts_name(
    proxy: Proxy, names: dict[str, list[str]]
) -> None:
    names["numbers.example"] = [PUBLIC]
    with pytest.raises(SourceFails, match="can't be reached"):
        ask("https://numbers.example/n", by(proxy))
    ((command, path, headers),) = proxy.asked
    assert (command, path, headers) == ("CONNECT", f"{PUBLIC}:443", {"Host": f"{PUBLIC}:443"})
    assert b"numbers.example" in proxy.hello
    proxy.refuses = 407
    names["numbers.example"] = [PUBLIC]
    with pytest.raises(SourceFails, match="the proxy answers 407; name and password go into"):
        ask("https://numbers.example/n", by(proxy))


def test_its_password_goes_to_it_alone_and_is_not_shown(base: Path, proxy: Proxy, web: Web) -> None:
    metric(base, "{json: http://inside.invalid/n, value: n}")
    told = proxy.url.replace("//", "//me:hush%40hush@")
    allowed = {"ONRECORD_COLLECT_ALLOW": "inside.invalid 127.0.0.1", "HTTP_PROXY": told}
    result = run(base, **allowed)
    assert result.output == f"{FIRST}: 2026-10-07,7\n"
    assert proxy.asked[0][2]["Proxy-Authorization"] == "Basic bWU6aHVzaEBodXNo"
    web.put("/n", {"n": 1})
    metric(base, f"{{json: {web.url}/n, value: n}}", "n")
    run(base, **allowed)  # this machine is asked without the proxy
    assert "Proxy-Authorization" not in web.asked[0][1]
    everything = "".join(p.read_text() for p in base.rglob("*") if p.is_file())
    assert "hush" not in result.output + result.stderr + everything


@pytest.mark.parametrize(
    "wrong", ["socks5://me:hush@127.0.0.1:1", "http://me:hush@nowhere.invalid:1", "http://["]
)
def test_one_that_cant_be_used_is_said(base: Path, wrong: str) -> None:
    metric(base, "{json: http://inside.invalid/n, value: n}")
    found = run(base, ONRECORD_COLLECT_ALLOW="inside.invalid", HTTP_PROXY=wrong)
    assert found.exit_code == 1
    assert "proxy" in found.stderr
    assert "hush" not in found.stderr


def test_no_proxy_names_the_exceptions(proxy: Proxy) -> None:
    for no, asked in (("*", 0), ("other.example,.invalid", 0), ("inside.invalid:81", 1), ("", 1)):
        proxy.asked.clear()
        with suppress(SourceFails):  # without the proxy, nobody is called so
            ask("http://inside.invalid/n", by(proxy, "inside.invalid", no=no))
        assert len(proxy.asked) == asked


def test_without_one_a_name_that_moves_is_asked_where_it_was_checked(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = []

    def connect(place: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(place)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    names["numbers.example"] = [PUBLIC, "127.0.0.1"]
    with pytest.raises(SourceFails):
        ask("http://numbers.example/n", Access(proxies={}))
    assert reached == [(PUBLIC, 80)]
