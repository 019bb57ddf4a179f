"""LINE on this machine, for local mode: a chat page and a LINE API that enforces LINE's limits."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from bot.simulator import admin, api, chat
from bot.simulator.guard import refuse_strangers
from bot.simulator.sender import WebhookSender
from bot.simulator.stub import LineStub

__all__ = ["LineStub", "WebhookSender", "create_blueprint"]


def create_blueprint(stub: LineStub, send_webhook: Callable[[dict[str, Any]], int]) -> Blueprint:
    """The simulator's pages and API, to be mounted at /simulator."""
    blueprint = Blueprint(
        "simulator", __name__, template_folder="templates", static_folder="static"
    )
    blueprint.before_request(refuse_strangers)
    chat.add_routes(blueprint, stub, send_webhook)
    api.add_routes(blueprint, stub)
    admin.add_routes(blueprint, stub)
    return blueprint
