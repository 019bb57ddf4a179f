import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot import deadline
from bot.link_checker import KNOWN_HOST, LinkChecker, is_public, look_up
from tests.bot import rawserver
from tests.bot.rawserver import RawServer, answer

HERE = "127.0.0.1/32"
PUBLIC = "93.184.216.34"


class Names:
    """A name server with a few names; `asked` is what it was asked for."""

    def __init__(self, **names: Sequence[str]) -> None:
        self._names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return self._names[host]


def a_checker(names: Callable[[str, int], Sequence[str]] | None = None) -> LinkChecker:
    """One that may ask this machine."""
    return LinkChecker(names or Names(page_example_jp=["127.0.0.1"]), [HERE], seconds=2)


def a_page(server: RawServer, path: str = "/") -> str:
    """The address of a page on a server of this machine, by name."""
    return f"http://page.example.jp:{server.port}{path}"


def redirect(status: int, location: str) -> bytes:
    """An answer that sends the caller elsewhere."""
    return answer(status, b"", f"Location: {location}")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "ok"), (204, "ok"), (404, "gone"), (410, "gone"), (403, "error"), (500, "error")],
)
def test_the_status_tells_how_a_page_is(status: int, outcome: str) -> None:
    with rawserver.answering(answer(status, b"")) as server:
        result = a_checker().check(a_page(server))

    assert (result.outcome, result.detail) == (outcome, str(status))


def test_a_page_is_asked_under_its_name_and_with_nothing_of_ours() -> None:
    with rawserver.answering() as server:
        a_checker().check(a_page(server, "/a?b=ごみ#c"))

    request = server.requests[0].decode()
    assert request.startswith("GET /a?b=%E3%81%94%E3%81%BF HTTP/1.1\r\n")
    assert f"Host: page.example.jp:{server.port}\r\n" in request
    assert "cookie" not in request.lower()


def test_a_page_that_moved_for_good_is_said_to_have_moved() -> None:
    with rawserver.answering(redirect(301, "/new")) as server:
        result = a_checker().check(a_page(server, "/old"))

    assert (result.outcome, result.detail) == ("moved", a_page(server, "/new"))


def test_a_page_that_sends_elsewhere_for_now_is_in_order() -> None:
    with rawserver.answering(redirect(302, "/now")) as server:
        result = a_checker().check(a_page(server))

    assert result.outcome == "ok"


def test_three_redirects_are_followed_and_no_fourth() -> None:
    with rawserver.answering(*[redirect(302, "/next")] * 9) as server:
        result = a_checker().check(a_page(server))

    assert (result.outcome, len(server.requests)) == ("error", 4)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://192.0.0.192/",
        "http://224.0.0.1/",
        "http://0.0.0.0/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[ff02::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:0:10.0.0.1]/",
        "http://[fec0::1]/",
        "http://[2001:0:1::1]/",
        "http://[3fff::1]/",
        "http://[5f00::1]/",
        "http://192.88.99.1/",
    ],
)
def test_addresses_inside_our_walls_are_refused(url: str) -> None:
    result = LinkChecker(look_up).check(url)

    assert (result.outcome, result.url) == ("refused", url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://page.example.jp/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "page.example.jp",
        "",
        "http://",
        "http://[bad",
        "http://page.example.jp:99999/",
        "http://page..example.jp/",
        "https://someone:secret@page.example.jp/",
        "https://someone@page.example.jp/",
    ],
)
def test_what_is_no_plain_web_address_is_refused_unasked(url: str) -> None:
    names = Names(page_example_jp=["127.0.0.1"])

    result = a_checker(names).check(url)

    assert (result.outcome, names.asked) == ("refused", [])


def test_a_name_is_refused_when_one_of_its_addresses_is_inside() -> None:
    names = Names(page_example_jp=[PUBLIC, "10.0.0.1"])

    result = LinkChecker(names).check("https://page.example.jp/")

    assert result.outcome == "refused"


@pytest.mark.parametrize("port", [0, 22, 8080, 65535])
def test_no_port_but_that_of_the_web_is_asked(port: int) -> None:
    names = Names(page_example_jp=[PUBLIC])

    result = LinkChecker(names).check(f"https://page.example.jp:{port}/")

    assert (result.outcome, "80でも443でもない" in result.detail) == ("refused", True)


@pytest.mark.parametrize(
    ("address", "is_open"), [(PUBLIC, True), ("2606:2800:220:1::1", True), ("fec0::1", False)]
)
def test_what_the_open_internet_is(address: str, is_open: bool) -> None:  # noqa: FBT001 - a case of the table
    assert is_public(ipaddress.ip_address(address)) == is_open


def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with rawserver.answering() as server:
        result = a_checker(lambda _host, _port: next(answers)).check(a_page(server))

    assert result.outcome == "ok"
    assert next(answers) == ["127.0.0.2"]


@pytest.mark.parametrize("inside", ["http://127.0.0.2/", "//localhost/", "http://[::1]/"])
def test_a_redirect_to_the_inside_is_refused(inside: str) -> None:
    names = Names(page_example_jp=["127.0.0.1"], localhost=["127.0.0.2"])
    names._names |= {"127.0.0.2": ["127.0.0.2"], "::1": ["::1"]}
    with rawserver.answering(redirect(302, inside)) as server:
        result = a_checker(names).check(a_page(server))

    assert (result.outcome, len(server.requests)) == ("refused", 1)


def test_without_a_way_out_it_says_so() -> None:
    result = a_checker(Names()).check("https://page.example.jp/")

    assert result.outcome == "unreachable"


def test_a_name_that_is_gone_is_an_error_where_others_are_found() -> None:
    names = Names()
    names._names[KNOWN_HOST] = [PUBLIC]

    result = a_checker(names).check("https://gone.example.jp/")

    assert result.outcome == "error"


def test_a_closed_door_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    result = a_checker().check(f"http://page.example.jp:{port}/")

    assert (result.outcome, result.detail) == ("error", "つながりませんでした")


@pytest.mark.parametrize(
    "behaviour", [rawserver.hang, rawserver.drip(b"HTTP/1.1 200 OK\r\nX: ", b"y")]
)
def test_a_server_that_never_ends_is_left(behaviour: rawserver.Behaviour) -> None:
    checker = LinkChecker(Names(page_example_jp=["127.0.0.1"]), [HERE], seconds=0.3)
    with rawserver.answering(behaviour) as server:
        result = checker.check(a_page(server))

    assert (result.outcome, result.detail) == ("error", "時間内に応えませんでした")


def test_an_endless_page_is_not_read() -> None:
    endless = rawserver.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 100)
    with rawserver.answering(endless) as server:
        result = a_checker().check(a_page(server))

    assert result.outcome == "ok"


def test_what_is_no_web_server_is_an_error() -> None:
    with rawserver.answering(b"SSH-2.0-OpenSSH_9.2\r\n") as server:
        result = a_checker().check(a_page(server))

    assert result.outcome == "error"


def test_a_certificate_for_another_name_is_an_error(tmp_path: Path) -> None:
    of_server, of_caller = rawserver.own_certificate(tmp_path)
    checker = LinkChecker(Names(page_example_jp=["127.0.0.1"]), [HERE], of_caller)

    result = checker.check(f"https://page.example.jp:{_tls_port(of_server)}/")

    assert (result.outcome, result.detail) == ("error", "安全な通信（証明書）を確かめられません")


def test_a_page_with_a_good_certificate_is_in_order(tmp_path: Path) -> None:
    of_server, of_caller = rawserver.own_certificate(tmp_path)
    checker = LinkChecker(look_up, [HERE], of_caller)

    result = checker.check(f"https://127.0.0.1:{_tls_port(of_server)}/")

    assert result.outcome == "ok"


def _tls_port(context: ssl.SSLContext) -> int:
    """A server that answers one caller over TLS, and then is gone."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as link:
            try:
                with context.wrap_socket(link, server_side=True) as inner:
                    inner.recv(65_536)
                    inner.sendall(rawserver.OK)
            except OSError:
                return  # the caller did not like the certificate

    threading.Thread(target=serve, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


def test_the_whole_check_has_one_deadline() -> None:
    slow = [redirect(302, "/next")] * 2
    with rawserver.answering(*slow, rawserver.hang) as server:
        result = LinkChecker(Names(page_example_jp=["127.0.0.1"]), [HERE], seconds=0.4).check(
            a_page(server)
        )

    assert result.outcome == "error"
    assert deadline._current.deadline is None
