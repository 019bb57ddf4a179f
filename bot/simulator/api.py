"""The LINE API over HTTP: hand each call to LINE's rules, spoil it if scripted, keep the ledger."""

from functools import partial
from typing import Final
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request

from bot.simulator.calls import MAX_BODY_BYTES, Answer, Call, answer, parsed
from bot.simulator.faults import shown_answer, spoil
from bot.simulator.stub import Fault, LedgerLine, LineStub

METHODS: Final = ("GET", "POST", "PUT", "DELETE")
BEARER: Final = "Bearer "
FIRST_ERROR_STATUS: Final = 300
READABLE_BYTES: Final = 10 * MAX_BODY_BYTES
NOT_TAKEN: Final = Answer(500, {"message": "Internal Server Error"})


def add_routes(blueprint: Blueprint, stub: LineStub) -> None:
    """Serve the API below /line, so that the SDK needs only another host."""
    blueprint.add_url_rule(
        "/line/v2/bot/<path:endpoint>", "line", partial(_serve, stub), methods=METHODS
    )


def _serve(stub: LineStub, endpoint: str) -> Response:
    call = _call(endpoint)
    fault = stub.next_fault(endpoint)
    if fault is None:
        real = answer(stub, call)
        stub.record_call(_line(call, real, real, None))
        return _response(call, real)
    real = answer(stub, call) if fault.accepted else NOT_TAKEN
    shown = shown_answer(fault, real)
    stub.record_call(_line(call, real, shown, fault))
    return spoil(stub, fault, _response(call, shown))


def _call(endpoint: str) -> Call:
    # LINE's own limit decides, whatever the app allows its other pages.
    request.max_content_length = READABLE_BYTES
    authorization = request.headers.get("Authorization", "")
    return Call(
        method=request.method,
        endpoint=endpoint,
        token=authorization.removeprefix(BEARER) if authorization.startswith(BEARER) else None,
        retry_key=request.headers.get("X-Line-Retry-Key"),
        body=request.get_data(),
        request_id=str(uuid4()),
    )


def _line(call: Call, real: Answer, shown: Answer, fault: Fault | None) -> LedgerLine:
    return LedgerLine(
        seq=0,
        at=0,
        method=call.method,
        endpoint=call.endpoint,
        request=parsed(call.body) if len(call.body) <= MAX_BODY_BYTES else None,
        retry_key=call.retry_key,
        request_id=call.request_id,
        status=shown.status,
        response=shown.body,
        accepted=real.status < FIRST_ERROR_STATUS,
        fault=fault.kind if fault else None,
    )


def _response(call: Call, shown: Answer) -> Response:
    response = jsonify(shown.body)
    response.status_code = shown.status or NOT_TAKEN.status
    response.headers.update({"x-line-request-id": call.request_id, **shown.headers})
    return response
