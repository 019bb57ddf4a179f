"""Post to the bot's door as LINE does, or nearly so."""

import json

from flask import Flask

from bot.simulator.events import Event, payload
from bot.webhook import sign

OFFICIAL_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
OLD_SECRET = "fedcba9876543210fedcba9876543210"
NAME = "X-Line-Signature"


def as_json(*events: Event) -> bytes:
    """A delivery as raw bytes."""
    return json.dumps(payload(*events)).encode()


def post(app: Flask, body: bytes, signature: str | bytes) -> int:
    """The status for a body with a signature."""
    return app.test_client().post("/callback", data=body, headers={NAME: signature}).status_code


def post_signed(app: Flask, body: bytes) -> int:
    """The status for a body with the right signature."""
    return post(app, body, sign(body, OFFICIAL_SECRET).decode())
