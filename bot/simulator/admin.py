"""The test driver's door: script faults, read the ledger, start afresh."""

from functools import partial

from flask import Blueprint, Response, jsonify

from bot.simulator.faults import faults_of, problems_of
from bot.simulator.json_request import json_body, refusal
from bot.simulator.stub import LineStub


def add_routes(blueprint: Blueprint, stub: LineStub) -> None:
    """Serve the driver's three addresses below /admin."""
    blueprint.add_url_rule("/admin/faults", "faults", partial(_faults, stub), methods=["POST"])
    blueprint.add_url_rule("/admin/ledger", "ledger", partial(_ledger, stub))
    blueprint.add_url_rule("/admin/reset", "reset", partial(_reset, stub), methods=["POST"])


def _faults(stub: LineStub) -> Response:
    script = json_body()
    problems = problems_of(script)
    if problems:
        return refusal(problems)
    faults = faults_of(script)
    stub.script_faults(faults)
    return jsonify(steps=len(faults))


def _ledger(stub: LineStub) -> Response:
    return jsonify(stub.ledger())


def _reset(stub: LineStub) -> Response:
    stub.reset()
    return jsonify({})
