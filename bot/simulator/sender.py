"""Deliver webhook events to the bot the way LINE does: a signed POST over a real socket."""

import base64
import hashlib
import hmac
from typing import Any, Final

import urllib3

from bot.simulator.rules import json_bytes

NO_ANSWER: Final = 0


def sign(body: bytes, channel_secret: str) -> str:
    """The value of `x-line-signature` for a raw body."""
    digest = hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class WebhookSender:
    """Posts to one callback address with one channel secret."""

    def __init__(self, callback_url: str, channel_secret: str, timeout: float = 10.0) -> None:
        self._callback_url = callback_url
        self._channel_secret = channel_secret
        self._http = urllib3.PoolManager(timeout=timeout, retries=False)

    def send(self, payload: dict[str, Any]) -> int:
        """The status the bot answered with, or 0 when it did not answer at all."""
        body = json_bytes(payload)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": sign(body, self._channel_secret),
        }
        try:
            response = self._http.request("POST", self._callback_url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError:
            return NO_ANSWER
        return response.status
