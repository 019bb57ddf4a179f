"""Scripted failures of the API: a server that hangs, refuses, drips, or vanishes mid-call."""

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, cast

from flask import Response, request

from bot.simulator.calls import Answer
from bot.simulator.rules import Problem, Rule, Shape, array, boolean, by_type, integer, number, text
from bot.simulator.stub import Fault, LineStub

MAX_STEPS: Final = 1_000
DRIPS: Final = 20
# 0xFF makes the page invalid UTF-8, as error pages of proxies sometimes are.
HTML_PAGE: Final = b"<!DOCTYPE html><title>error</title><h1>Bad Gateway</h1>\xff"
STATUS_MESSAGES: Final[Mapping[int, str]] = {
    429: "The API rate limit has been exceeded. Try again later.",
    500: "Internal Server Error",
}
SECONDS: Final = {"seconds": number(0, 600)}
STATUS: Final = {"status": integer(200, 599)}
# `accepted`: LINE did take the call before it failed, so a retry of a push is answered 409.
COMMON: Final[dict[str, Rule]] = {
    "repeat": integer(1, MAX_STEPS),
    "endpoint": text(),
    "accepted": boolean,
}
STEPS: Final = array(
    by_type(
        {
            "hang": Shape(SECONDS, COMMON),
            "drip": Shape(SECONDS, COMMON),
            "status": Shape(STATUS, {"message": text(), **COMMON}),
            "html": Shape(STATUS, COMMON),
            "reset": Shape({}, COMMON),
        },
        key="kind",
    ),
    0,
    MAX_STEPS,
)
TAKEN_BY_LINE: Final = ("hang", "drip")


def problems_of(script: Any) -> list[Problem]:
    """What is wrong with a fault script."""
    return STEPS(script, "")


def faults_of(script: list[dict[str, Any]]) -> list[Fault]:
    """The steps of a sound script, repeats written out."""
    return [fault for step in script for fault in [_fault(step)] * step.get("repeat", 1)]


def shown_answer(fault: Fault, real: Answer) -> Answer:
    """The answer the caller gets to see; status 0 stands for none at all."""
    if fault.kind == "reset":
        return Answer(0)
    if fault.kind == "html":
        return Answer(fault.status)
    if fault.kind == "status":
        message = fault.message or _standard_message(fault.status)
        return Answer(fault.status, {"message": message}, real.headers)
    return real


def spoil(stub: LineStub, fault: Fault, response: Response) -> Response:
    """The response as the fault leaves it."""
    return SPOILERS[fault.kind](stub, fault, response)


def _fault(step: dict[str, Any]) -> Fault:
    fault = Fault(step["kind"], accepted=step["kind"] in TAKEN_BY_LINE)
    return replace(fault, **{k: v for k, v in step.items() if k not in ("kind", "repeat")})


def _standard_message(status: int) -> str:
    known = {item.value: item.phrase for item in HTTPStatus}
    return STATUS_MESSAGES.get(status, known.get(status, "Error"))


def _hang(stub: LineStub, fault: Fault, response: Response) -> Response:
    stub.pause(fault.seconds)
    return response


def _status(_stub: LineStub, _fault: Fault, response: Response) -> Response:
    return response


def _html(_stub: LineStub, _fault: Fault, response: Response) -> Response:
    response.set_data(HTML_PAGE)
    response.content_type = "text/html"
    return response


def _reset(_stub: LineStub, _fault: Fault, response: Response) -> Response:
    _connection().shutdown(socket.SHUT_RDWR)
    return response


def _connection() -> socket.socket:
    """The caller's socket, reached through what waitress and werkzeug leave in the environ;
    once it is shut down, both servers fail to write the answer and end the call quietly."""
    probe = request.environ.get("waitress.client_disconnected")
    found = probe.__self__.socket if probe else request.environ.get("werkzeug.socket")
    if found is None:
        raise ConnectionResetError("scripted reset, but this server shows no socket")
    return cast(socket.socket, found)


def _drip(stub: LineStub, fault: Fault, response: Response) -> Response:
    body = response.get_data()
    response.response = _drops(stub, body, fault.seconds)
    response.content_length = len(body)
    return response


def _drops(stub: LineStub, body: bytes, seconds: float) -> Iterator[bytes]:
    size = max(1, len(body) // DRIPS)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    for piece in pieces:
        stub.pause(seconds / len(pieces))
        yield piece


SPOILERS: Final[Mapping[str, Callable[[LineStub, Fault, Response], Response]]] = {
    "hang": _hang,
    "status": _status,
    "html": _html,
    "reset": _reset,
    "drip": _drip,
}
