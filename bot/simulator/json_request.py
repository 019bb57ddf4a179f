"""Read a JSON request of the page or the driver, and refuse it in one common form."""

from typing import Any

from flask import Response, jsonify, request

from bot.simulator.rules import Problem


def json_body() -> Any:
    """The request's JSON, or None; a body that is not declared as JSON counts as none."""
    return request.get_json(silent=True)


def refusal(problems: list[Problem]) -> Response:
    """A 400 that names what is wrong."""
    response = jsonify(message="The request has errors", details=problems)
    response.status_code = 400
    return response
