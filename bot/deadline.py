"""A hard end for one HTTP call: every wait of its socket gets only what is left of its time."""

import functools
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import create_urllib3_context
from urllib3.util.connection import allowed_gai_family


class Deadline:
    """When one call ends, and whether any of it went out yet."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self.sent = False

    def left(self) -> float:
        """The seconds that remain; raises TimeoutError when there are none."""
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the call's time is over")
        return seconds


class _Current(threading.local):
    deadline: Deadline | None = None


_current = _Current()


@contextmanager
def within(seconds: float) -> Iterator[Deadline]:
    """Give this thread's calls through an installed pool so many seconds in all.

    urllib3's own timeouts bound one wait: a peer that drips bytes renews them for ever. Here each
    wait of the connection (connect to each address, TLS handshake, send, receive) is cut to what
    is left. Nothing runs beside the call, so there is nothing to race with. Only the name look-up
    is outside it: getaddrinfo takes no timeout. A slow one uses the time up all the same, and
    the call ends at the first wait after it.
    """
    deadline = Deadline(seconds)
    _current.deadline = deadline
    try:
        yield deadline
    finally:
        _current.deadline = None


def install(manager: PoolManager, context: ssl.SSLContext | None = None) -> None:
    """Make a pool's new connections obey `within`, and share one TLS context between them.

    urllib3 alone would load the machine's certificates anew for every connection.
    """
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    manager.connection_pool_kw["ssl_context"] = context or _trusting_this_machine()


def guarded(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context, its sockets now obeying `within`."""
    context.sslsocket_class = _TlsSocket
    return context


@functools.cache
def _trusting_this_machine() -> ssl.SSLContext:
    context = guarded(create_urllib3_context())
    context.load_default_certs()
    return context


class _Socket(socket.socket):
    """A socket whose waits end with the current deadline; without one it is like any other.

    The methods are those through which http.client reads (`makefile` calls `recv_into`) and
    writes. One `sendall`, one write of TLS and the TLS handshake hold their timeout as a total.
    """

    def shorten(self) -> None:
        """Let the next wait be no longer than what is left."""
        if _current.deadline is None:
            return
        left = _current.deadline.left()
        timeout = self.gettimeout()
        if timeout is None or left < timeout:  # setting it costs a system call
            self.settimeout(left)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.shorten()
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.shorten()
        if _current.deadline is not None:
            _current.deadline.sent = True
        super().sendall(*args, **kwargs)


class _TlsSocket(_Socket, ssl.SSLSocket):
    """The same inside TLS."""


class _Connecting(HTTPConnection):
    """Connects within the deadline, however many addresses the name has."""

    def _new_conn(self) -> socket.socket:
        # The step that urllib3's own SOCKS connections replace, too. An OSError may not leave it:
        # urllib3 takes ECONNRESET and EPIPE for trouble after sending, and goes on to read.
        try:
            return self._first_that_connects()
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "connecting took too long") from error
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from error

    def _first_that_connects(self) -> socket.socket:
        last_error = OSError("the name has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(
            self.host, self.port, allowed_gai_family(), socket.SOCK_STREAM
        ):
            link = _Socket(family, kind, protocol)
            try:
                for option in self.socket_options or []:
                    link.setsockopt(*option)
                link.settimeout(self.timeout)
                link.shorten()
                link.connect(address)
                link.shorten()  # for the TLS handshake, which takes over this timeout
            except OSError as error:
                last_error = error
                link.close()
            else:
                return link
        raise last_error


class _TlsConnecting(_Connecting, HTTPSConnection):
    """The same with TLS on top."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connecting


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnecting
