"""The only place that talks to LINE: one shared client, hard timeouts, no hidden retries."""

import logging
from enum import StrEnum
from typing import Any, Protocol

import urllib3
from linebot.v3.messaging import ApiClient, ApiException, Configuration

Message = dict[str, Any]

CONNECT_SECONDS = 0.5
READ_SECONDS = 1.2
"""The webhook must answer within 2 s in all (LINE.md §1), so one call may not take longer."""

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How a call ended, as far as can be known."""

    DONE = "done"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105 - the name of an outcome, no secret
    FAILED = "failed"
    UNKNOWN = "unknown"


class Line(Protocol):
    """What the bot needs of LINE."""

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event with 1–5 messages."""

    def leave(self, source: str, group_id: str) -> Outcome:
        """Leave a group or room."""


class LineApi:
    """LINE's Messaging API through the SDK's client, created once and shared by all threads.

    Messages go out as plain data: the SDK's models would drop unknown keys silently and cost
    milliseconds (LINE.md §5, OPS.md §0.4); the tests hold them against the models instead.
    """

    def __init__(self, host: str, access_token: str) -> None:
        configuration = Configuration(host=host, access_token=access_token)
        configuration.retries = urllib3.Retry(total=0)
        configuration.connection_pool_maxsize = 32
        self._client = ApiClient(configuration)

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event with 1–5 messages; never raises for what LINE or the network does."""
        return self._post(
            "/v2/bot/message/reply", {"replyToken": reply_token, "messages": messages}
        )

    def leave(self, source: str, group_id: str) -> Outcome:
        """Leave a group or room."""
        return self._post(f"/v2/bot/{source}/{group_id}/leave", None)

    def _post(self, path: str, body: dict[str, Any] | None) -> Outcome:
        try:
            self._client.call_api(
                path,
                "POST",
                header_params={"Accept": "application/json", "Content-Type": "application/json"},
                body=body,
                response_types_map={},
                auth_settings=["Bearer"],
                _request_timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
        except ApiException as error:
            log.warning("LINE answered %s to %s", error.status, path.rsplit("/", 1)[-1])
            return Outcome.TOKEN_REJECTED if _is_token_error(error) else Outcome.FAILED
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.MaxRetryError) as error:
            log.warning("LINE cannot be reached: %s", type(error).__name__)
            return Outcome.FAILED
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as error:
            # The call broke after it was sent: the message may have arrived (LINE.md §2, "Retry").
            log.warning("LINE's answer was lost: %s", type(error).__name__)
            return Outcome.UNKNOWN
        return Outcome.DONE


def _is_token_error(error: ApiException) -> bool:
    return error.status == 400 and "reply token" in str(error.body)
