"""Ask one address of the open internet whether it still answers, and nothing inside our own walls.

Addresses are typed by people, so an address may point at this machine or the city's network
(OPS.md §4, L2). A name is looked up once, every address it stands for must be public, and the
connection goes to just that address: a name that changes its mind in between gains nothing.
"""

import errno
import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from ssl import SSLContext, SSLError
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3 import PoolManager, Retry
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import SSLError as TlsError

from bot import deadline
from handlers.line import words
from knowledge.records.link_checks import LinkResult

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]

WHOLE_SECONDS: Final = 5.0
MAX_REDIRECTS: Final = 3
MAX_ADDRESSES: Final = 3
MAX_URL: Final = 2000
KNOWN_HOST: Final = str(urlsplit(words.HOME_PAGE).hostname)
"""A name that is surely there: when it cannot be looked up, we are cut off."""

PORTS: Final = {"http": 80, "https": 443}

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
GONE: Final = frozenset({404, 410})

HEADERS: Final = {"User-Agent": "nagasaki-line-guide link check", "Accept": "*/*"}

NOT_A_PAGE = "httpsかhttpの住所ではありません"
HAS_PASSWORD = "住所の中に利用者名やパスワードがあります"  # noqa: S105 - a sentence, no secret
OTHER_PORT = "ポートの番号が80でも443でもないため、調べません"
NOT_PUBLIC = "公開されていない場所を指しています"
TOO_MANY_REDIRECTS = "転送が多すぎます"
NO_SUCH_NAME = "この名前の場所が見つかりません"
NO_WAY_OUT = "ここからは外に出られません"
TOO_SLOW = "時間内に応えませんでした"
BAD_CERTIFICATE = "安全な通信（証明書）を確かめられません"
BROKEN = "つながりませんでした"

_GLOBAL_IPV6: Final = ipaddress.ip_network("2000::/3")
"""All that is given out; outside of it are old and new ways to write inside addresses."""

_REFUSED_NETWORKS: Final[tuple[Network, ...]] = (
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("2001::/23"),
    ipaddress.ip_network("2001:db8::/32"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("3fff::/20"),
)
"""Kept for special uses, though Python 3.11 holds some of it for global.

Some hold an IPv4 address in disguise, perhaps one of this machine; no city's page needs them.
"""

_NO_WAY_OUT: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})


class _EndError(Exception):
    """The check is over, with this result."""

    def __init__(self, result: LinkResult) -> None:
        super().__init__(result.detail)
        self.result = result


@dataclass(frozen=True)
class _Target:
    """One address to ask, with what must be known to connect to it."""

    url: str
    parts: SplitResult
    host: str
    port: int

    @property
    def name(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.parts.port is None else f"{host}:{self.port}"

    @property
    def path(self) -> str:
        """What is asked for."""
        query = f"?{self.parts.query}" if self.parts.query else ""
        return f"{self.parts.path or '/'}{query}"


@dataclass(frozen=True)
class _Answer:
    status: int
    location: str


def look_up(host: str, port: int) -> list[str]:
    """The numeric addresses of a name; raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class LinkChecker:
    """Asks addresses; safe to share between threads. Neither cookies nor bodies are taken."""

    def __init__(
        self,
        resolver: Resolver = look_up,
        allowed: Sequence[str] = (),
        context: SSLContext | None = None,
        seconds: float = WHOLE_SECONDS,
    ) -> None:
        """`allowed` networks may be asked, on any port, although not public, as tests must."""
        self._resolver = resolver
        self._allowed = [ipaddress.ip_network(network) for network in allowed]
        self._seconds = seconds
        self._pools = PoolManager(retries=Retry(total=False), maxsize=1)
        deadline.install(self._pools, deadline.guarded(context) if context else None)

    def check(self, url: str) -> LinkResult:
        """How the address answers, redirects followed; never raises."""
        with deadline.within(self._seconds) as current:
            try:
                return self._follow(url, current)
            except _EndError as end:
                return end.result
            except ValueError:
                return LinkResult(url, "refused", NOT_A_PAGE)
            except (OSError, HTTPError, HTTPException) as error:
                return _broken(url, error)

    def _follow(self, url: str, current: deadline.Deadline) -> LinkResult:
        here, has_moved = url, False
        for _ in range(MAX_REDIRECTS + 1):
            current.left()
            answer = self._ask(url, here)
            if answer.status not in REDIRECTS or not answer.location:
                return _result(url, answer.status, here if has_moved else "")
            here = urljoin(here, answer.location)
            has_moved = has_moved or answer.status in PERMANENT
        raise _EndError(LinkResult(url, "error", TOO_MANY_REDIRECTS))

    def _ask(self, url: str, here: str) -> _Answer:
        target = _target(url, here)
        last_error: Exception = OSError(BROKEN)
        for address in self._addresses(url, target)[:MAX_ADDRESSES]:
            try:
                return self._get(target, address)
            except (OSError, HTTPError) as error:
                last_error = error
        raise last_error

    def _addresses(self, url: str, target: _Target) -> list[str]:
        try:
            found = self._resolver(target.host, target.port)
        except socket.gaierror as error:
            raise _EndError(self._unresolved(url)) from error
        addresses = [ipaddress.ip_address(text) for text in found]
        if addresses and all(map(self._is_allowed, addresses)):
            return list(found)
        if target.port not in PORTS.values():
            raise _EndError(LinkResult(url, "refused", OTHER_PORT))
        if not addresses or not all(map(self._may_ask, addresses)):
            raise _EndError(LinkResult(url, "refused", NOT_PUBLIC))
        return list(found)

    def _unresolved(self, url: str) -> LinkResult:
        """A name that is not there is one thing, a machine that can look up no name is another."""
        try:
            self._resolver(KNOWN_HOST, PORTS["https"])
        except socket.gaierror:
            return LinkResult(url, "unreachable", NO_WAY_OUT)
        return LinkResult(url, "error", NO_SUCH_NAME)

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self._allowed)

    def _may_ask(self, address: Address) -> bool:
        return self._is_allowed(address) or is_public(address)

    def _get(self, target: _Target, address: str) -> _Answer:
        """Ask the address that was checked, under the name that was typed; the body stays unread."""
        scheme = target.parts.scheme
        name = {"server_hostname": target.host, "assert_hostname": target.host}
        pool = self._pools.connection_from_host(
            address, target.port, scheme, name if scheme == "https" else None
        )
        response = pool.urlopen(
            "GET",
            target.path,
            headers={**HEADERS, "Host": target.name},
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            timeout=self._seconds,
        )
        response.close()
        return _Answer(response.status, response.headers.get("Location", ""))


def is_public(address: Address) -> bool:
    """True for an address of the open internet, whatever form it is written in."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_IPV6:
        return False
    if any(address in network for network in _REFUSED_NETWORKS):
        return False
    return address.is_global and not address.is_multicast


def _target(url: str, here: str) -> _Target:
    parts = urlsplit(here)
    if parts.scheme not in PORTS or not parts.hostname or len(here) > MAX_URL:
        raise _EndError(LinkResult(url, "refused", NOT_A_PAGE))
    if parts.username is not None or parts.password is not None:
        raise _EndError(LinkResult(url, "refused", HAS_PASSWORD))
    host = parts.hostname.encode("idna").decode()  # a ValueError for what can be no name
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    return _Target(here, parts, host, port)


def _result(url: str, status: int, moved_to: str) -> LinkResult:
    if status in GONE:
        return LinkResult(url, "gone", str(status))
    if not 200 <= status < 300:
        return LinkResult(url, "error", str(status))
    return LinkResult(url, "moved", moved_to) if moved_to else LinkResult(url, "ok", str(status))


def _broken(url: str, error: Exception) -> LinkResult:
    causes = list(_causes(error))
    if any(isinstance(cause, TlsError | SSLError) for cause in causes):
        return LinkResult(url, "error", BAD_CERTIFICATE)
    if any(isinstance(cause, TimeoutError | ReadTimeoutError) for cause in causes):
        return LinkResult(url, "error", TOO_SLOW)
    if any(isinstance(cause, OSError) and cause.errno in _NO_WAY_OUT for cause in causes):
        return LinkResult(url, "unreachable", NO_WAY_OUT)
    return LinkResult(url, "error", BROKEN)


def _causes(error: BaseException | None) -> Sequence[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
