"""Asking an address that somebody wrote into a metric, so that it can do no harm.

Whoever may change a file of the repository may write any address there. So the machine's own
addresses and those of private networks are refused, unless the run allows the host by name; the
name is resolved once, and what was checked is what is connected to. Time, size and redirects have
an end, and a token goes to the host it is meant for alone.

A proxy of the environment is asked for the address that was checked, not for the name: it could
look up another one. A host that the run allows it looks up itself.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import (  # type: ignore[attr-defined]
    getproxies_environment,
    proxy_bypass_environment,
)

from onrecord import __version__
from onrecord.records.findings import shown

PATIENCE = 30.0
"""Seconds after which an answer is not waited for, however it comes."""

MOST_BYTES = 10_000_000
MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_INTERNET = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out; what is outside of it leads into some network of one's own."""
_OF_THE_CLOUD = ipaddress.ip_address("168.63.129.16")
"""Azure's machines, which run many CI jobs, are told their own settings and secrets there."""


class SourceFails(Exception):
    """A source gives no value; the words say why, in one line, without a secret."""


class SourceRefuses(SourceFails):
    """A source answers with a status that isn't 200; `data` is what it says."""

    def __init__(self, status: int, data: bytes) -> None:
        super().__init__(f"it answers {status}")
        self.data = data


@dataclass(frozen=True, slots=True)
class Access:
    """What the run allows: hosts of its own or a private network, and a token for a host.

    Both are by the host's name, with `:port` where the address has one. `patience` is in seconds,
    `most` in bytes. `proxies` are by scheme, as the environment has them; `no` are the exceptions.
    """

    allowed: frozenset[str] = frozenset()
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    patience: float = PATIENCE
    most: int = MOST_BYTES
    proxies: Mapping[str, str] = field(default_factory=getproxies_environment, repr=False)

    @classmethod
    def of(cls, allowed: str, tokens: str) -> Access:
        """From the environment's words: hosts, and `host=token`, both apart by spaces."""
        pairs = (one.partition("=") for one in tokens.split())
        return cls(
            frozenset(allowed.casefold().split()),
            {host.casefold(): token for host, _, token in pairs if host and token},
        )

    def proxy_for(self, scheme: str, host: str, port: int) -> str:
        """The address of the proxy that a host is asked by; '' for none."""
        proxy = self.proxies.get(scheme) or self.proxies.get("all") or ""
        if not proxy or host == "localhost" or _is_this_machine(host):
            return ""
        known = dict(self.proxies)
        # NO_PROXY may name a host with its port or without.
        is_left_out = any(proxy_bypass_environment(h, known) for h in (host, f"{host}:{port}"))
        return "" if is_left_out else proxy


class _Way(NamedTuple):
    """How a host is reached: what is connected to, and by a proxy, what that is asked for.

    `name` is the host's, as a header has it; `pass_words` are the proxy's own name and password.
    """

    place: tuple[str, int]
    via: str = ""
    name: str = ""
    pass_words: str = ""


def ask(address: str, access: Access, accept: str = "*/*") -> bytes:
    """The bytes that an address answers with, redirects followed. Raises `SourceFails`."""
    for _ in range(MOST_REDIRECTS + 1):
        status, data, location = _answer(address, access, accept)
        if status not in _REDIRECTS:
            break
        address = following(address, location)
    else:
        raise SourceFails(f"it redirects more than {MOST_REDIRECTS} times")
    if status != 200:
        raise SourceRefuses(status, data)
    return data


def following(address: str, location: str) -> str:
    """Where an answer leads on to. Raises `SourceFails`."""
    try:
        place = urljoin(address, location)
        was, is_now = urlsplit(address).scheme, urlsplit(place).scheme
    except ValueError:
        raise SourceFails("it redirects to something that isn't a web address") from None
    # A token, or a value that is trusted for its certificate, must not go on in clear text.
    if was == "https" != is_now:
        raise SourceFails("it redirects to an address without https")
    return place


def _answer(address: str, access: Access, accept: str) -> tuple[int, bytes, str]:
    """The status, the body, and where it leads on."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SourceFails(f"{shown(address)} isn't an address") from None
    if parts.username is not None:
        # The address is in the repository and in each origin; a secret in it would be published.
        raise SourceFails("the address has a name or password, which isn't sent")
    if parts.scheme not in ("http", "https") or not host:
        raise SourceFails("it redirects to something that isn't a web address")
    is_secure = parts.scheme == "https"
    written = f"[{host}]" if ":" in host else host
    name = (f"{written}:{port}" if port else written).casefold()
    # Whoever allows a host may write it with its port, or an IPv6 address with or without brackets.
    is_allowed = not access.allowed.isdisjoint((name, written.casefold(), host.casefold()))
    port = port or (443 if is_secure else 80)
    way = _way(access, parts.scheme, host, port, is_allowed)
    headers = {
        "Accept": accept,
        "Accept-Encoding": "identity",  # what is packed could unpack to more than is read
        "Connection": "close",
        "User-Agent": f"OnRecord/{__version__}",
    }
    # A token goes over http only to a host that the run names itself, such as one of its own
    # network. It goes to the host of the address as it is asked, so a redirect takes none along.
    if name in access.tokens and (is_secure or is_allowed):
        token = access.tokens[name]
        # http.client would raise ValueError with the header in it, and so with the token.
        if any(not "!" <= sign <= "~" for sign in token):
            raise SourceFails(f"the token for {shown(name)} has characters that no token can have")
        headers["Authorization"] = f"Bearer {token}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(not "!" <= sign <= "~" for sign in target):
        raise SourceFails("it redirects to an address with characters that no address can have")
    try:
        connection = _Pinned(host, port, way, access.patience, is_secure)
    except http.client.HTTPException:
        raise SourceFails(f"{shown(host)} isn't the name of a host") from None
    if way.via and not is_secure:
        # Over http a proxy takes the whole address. It holds the machine that was checked, and
        # `Host` the name: a proxy that looked the name up again could be led elsewhere.
        target = f"http://{way.via}{target}"
        headers["Host"] = way.name if port == 80 else f"{way.name}:{port}"
        if way.pass_words:
            headers["Proxy-Authorization"] = way.pass_words
    # The socket's own timeout begins anew with each byte; a host that sends one a second would
    # never come to an end.
    watch = Timer(access.patience, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        if answer.status in _REDIRECTS:
            # The body of a redirect isn't read: it may be of any size, and says nothing that
            # counts.
            return answer.status, b"", answer.getheader("Location") or ""
        if answer.getheader("Content-Encoding", "identity") != "identity":
            raise SourceFails("its answer is compressed, although it was asked not to be")
        # One byte more than is allowed tells a larger answer from one of just that size.
        data = answer.read(access.most + 1)
        # A connection that was cut reads as one that ended in order: without a length, what came so
        # far would pass as whole.
        if connection.is_cut:
            raise TimeoutError
        if len(data) > access.most:
            raise SourceFails(f"its answer is larger than {access.most // 1_000_000} MB")
        # What Content-Length promised and didn't come; `read` with a number raises no error for it.
        if answer.length:
            raise SourceFails("its answer is incomplete")
        return answer.status, data, ""
    except ssl.SSLCertVerificationError as error:
        raise SourceFails(f"its certificate isn't valid: {error.verify_message}") from None
    except (OSError, http.client.HTTPException) as error:
        if connection.is_cut or isinstance(error, TimeoutError):
            raise SourceFails(f"it has not answered within {access.patience:g} seconds") from None
        if isinstance(error, http.client.IncompleteRead):
            raise SourceFails("its answer is incomplete") from None
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SourceFails(f"it can't be reached: {reason}") from None
    finally:
        watch.cancel()
        connection.close()


def _way(access: Access, scheme: str, host: str, port: int, is_allowed: bool) -> _Way:
    """How a host is reached. All of a name's addresses must be fit: any of them could be used."""
    proxy = access.proxy_for(scheme, host, port)
    if not proxy:
        return _Way(_resolved(host, port, is_allowed))
    try:
        named = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise SourceFails(f"no host is called {shown(host)}") from None
    # A scope, as in `fe80::1%eth0`, is of this machine alone and means nothing to the proxy.
    dest = named if is_allowed else _resolved(host, port, is_allowed)[0].partition("%")[0]
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        place = _resolved(parts.hostname or "", parts.port or 80, is_allowed=True)
    except (ValueError, SourceFails):
        raise SourceFails("the proxy of the environment can't be found") from None
    if parts.scheme != "http":
        raise SourceFails("a proxy is only used over http; write HTTPS_PROXY=http://host:port")
    words = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        words = f"Basic {base64.b64encode(pair.encode()).decode()}"
    via = f"[{dest}]:{port}" if ":" in dest else f"{dest}:{port}"
    return _Way(place, via, f"[{named}]" if ":" in named else named, words)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _resolved(host: str, port: int, is_allowed: bool) -> tuple[str, int]:
    """The first address of a name, where all of them are fit."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SourceFails(f"no host is called {shown(host)}") from None
    places = [(str(one[4][0]), int(one[4][1])) for one in found]
    # All, not one: a name with a public and a private address would get by on its first.
    if not is_allowed and not all(is_public(place) for place, _ in places):
        raise SourceFails(
            f"{shown(host)} is this machine or in a private network, which the run doesn't allow: "
            "name it in ONRECORD_COLLECT_ALLOW"
        )
    return places[0]


def is_public(place: str) -> bool:
    """True for an IP address that anybody on the internet could ask."""
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # Each of these forms carries an IPv4 address, and leads to it: that is the one to judge.
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
        # Python counts forms of IPv6 as global that are deprecated or given to nobody.
        elif address.teredo is not None or address not in _INTERNET:
            return False
    return address.is_global and not address.is_multicast and address != _OF_THE_CLOUD


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked up and checked before."""

    def __init__(self, host: str, port: int, way: _Way, patience: float, secure: bool) -> None:
        # http.client leaves this port out of `Host`, as browsers do.
        self.default_port = 443 if secure else 80
        super().__init__(host, port, timeout=patience)
        self._way, self._secure = way, secure
        self.is_cut = False

    def connect(self) -> None:
        """Connect; the certificate is checked against the name."""
        self.sock = socket.create_connection(self._way.place, self.timeout)
        if self._secure:
            if self._way.via:
                self._ask_proxy()
            context = ssl.create_default_context()
            # The handshake comes after, so that `cut` ends one that drips.
            self.sock = secured = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            secured.do_handshake()

    def _ask_proxy(self) -> None:
        """Have the proxy connect; from then on it only passes on what it can't read."""
        via, words = self._way.via, self._way.pass_words
        lines = [f"CONNECT {via} HTTP/1.1", f"Host: {via}"]
        lines += [f"Proxy-Authorization: {words}"] if words else []
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        answer = http.client.HTTPResponse(self.sock, method="CONNECT")
        answer.begin()
        if answer.status != 200:
            said = f"the proxy answers {answer.status}"
            if answer.status == 407:
                said += "; name and password go into HTTPS_PROXY=http://name:password@host:port"
            raise SourceFails(said)

    def cut(self) -> None:
        """End it, whatever it waits for."""
        self.is_cut = True
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
