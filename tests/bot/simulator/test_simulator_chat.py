"""The chat's JSON: what the user sends becomes an event, and bubbles come back in order."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
import urllib3

from bot.simulator import LineStub
from bot.simulator.events import EXAMPLE_USER
from tests.bot.simulator.conftest import Webhook

Send = Callable[..., urllib3.BaseHTTPResponse]
TRICKY: Final = " <b>𠮷</b>\n\t👨‍👩‍👧‍👦 \u0000 {x} "


@pytest.fixture
def send(server: str, http: urllib3.PoolManager) -> Send:
    def post(kind: str, **fields: Any) -> urllib3.BaseHTTPResponse:
        body = json.dumps({"user": EXAMPLE_USER, "kind": kind, **fields})
        headers = {"Content-Type": "application/json"}
        return http.request("POST", f"{server}/send", body=body, headers=headers)

    return post


@pytest.fixture
def messages(server: str, http: urllib3.PoolManager) -> Callable[..., Any]:
    def get(after: int = 0) -> Any:
        query = {"user": EXAMPLE_USER, "after": after}
        return http.request("GET", f"{server}/messages", fields=query).json()

    return get


@pytest.mark.parametrize("text", [TRICKY, "あ" * 10_000], ids=["tricky", "long"])
def test_a_text_is_kept_exactly(
    send: Send, messages: Callable[..., Any], webhook: Webhook, text: str
) -> None:
    answer = send("text", text=text)

    assert answer.json() == {"status": 200}
    assert webhook.events()[0]["message"]["text"] == text
    entry = messages()["entries"][0]
    assert (entry["author"], entry["message"]["text"]) == ("user", text)


def test_half_a_surrogate_pair_survives_the_way_too(
    send: Send, messages: Callable[..., Any], webhook: Webhook
) -> None:
    send("text", text="a\ud83d")
    assert webhook.events()[0]["message"]["text"] == "a\ud83d"
    assert messages()["entries"][0]["message"]["text"] == "a\ud83d"


def test_the_event_can_be_answered(send: Send, webhook: Webhook, stub: LineStub) -> None:
    send("text", text="質問")
    token = webhook.events()[0]["replyToken"]
    assert stub.reply(token, [{"type": "text", "text": "答え"}]) is not None


@pytest.mark.parametrize("status", [0, 500])
def test_the_bots_status_is_passed_on(send: Send, webhook: Webhook, status: int) -> None:
    webhook.status = status
    assert send("text", text="質問").json() == {"status": status}


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        ({"kind": "sticker"}, {"packageId": "446", "stickerId": "1988"}),
        ({"kind": "sticker", "packageId": "1", "stickerId": "2"}, {"packageId": "1"}),
        ({"kind": "image"}, {"contentProvider": {"type": "line"}}),
        ({"kind": "video"}, {"duration": 60_000}),
        ({"kind": "audio", "duration": 1_000}, {"duration": 1_000}),
        ({"kind": "file", "fileName": "申請書.pdf"}, {"fileName": "申請書.pdf"}),
        ({"kind": "location", "latitude": 32.75, "longitude": 129.8}, {"latitude": 32.75}),
    ],
    ids=lambda value: value.get("kind", ""),
)
def test_other_messages_become_bubbles_and_events(
    send: Send,
    messages: Callable[..., Any],
    webhook: Webhook,
    fields: dict[str, Any],
    content: dict[str, Any],
) -> None:
    send(**fields)
    sent = webhook.events()[0]["message"]
    assert sent == {**sent, "type": fields["kind"], **content}
    assert messages()["entries"][0]["message"] == sent


def test_a_postback_shows_its_text_and_sends_its_data(
    send: Send, messages: Callable[..., Any], webhook: Webhook
) -> None:
    send("postback", data="a=1", displayText="見る", params={"date": "2026-11-22"})
    assert webhook.events()[0]["postback"] == {"data": "a=1", "params": {"date": "2026-11-22"}}
    shown = [entry["message"] for entry in messages()["entries"]]
    assert shown == [{"type": "text", "text": "見る"}]


@pytest.mark.parametrize("kind", ["follow", "unfollow"])
def test_following_and_blocking_show_nothing(
    send: Send, messages: Callable[..., Any], webhook: Webhook, kind: str
) -> None:
    send(kind)
    assert webhook.events()[0]["type"] == kind
    assert messages()["entries"] == []


def test_only_newer_bubbles_are_given(send: Send, messages: Callable[..., Any]) -> None:
    send("text", text="一")
    seen = messages()["entries"][-1]["seq"]
    send("text", text="二")
    assert [entry["message"]["text"] for entry in messages(after=seen)["entries"]] == ["二"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"kind": "text", "text": "a"},
        {"user": "taro", "kind": "text", "text": "a"},
        {"user": EXAMPLE_USER, "kind": "text"},
        {"user": EXAMPLE_USER, "kind": "text", "text": ""},
        {"user": EXAMPLE_USER, "kind": "text", "text": 1},
        {"user": EXAMPLE_USER, "kind": "text", "text": "a", "reply_token": "stolen"},
        {"user": EXAMPLE_USER, "kind": "dance"},
        {"user": EXAMPLE_USER, "kind": "postback", "data": "a", "params": {"date": 1}},
        {"user": EXAMPLE_USER, "kind": "location", "latitude": 91, "longitude": 0},
    ],
    ids=str,
)
def test_what_no_page_would_send_is_refused(
    server: str, http: urllib3.PoolManager, webhook: Webhook, body: Any
) -> None:
    assert http.request("POST", f"{server}/send", json=body).status == 400
    assert webhook.payloads == []


@pytest.mark.parametrize("query", ["", "user=taro", f"user={EXAMPLE_USER}&after=x"])
def test_a_strange_question_for_bubbles_is_refused(
    server: str, http: urllib3.PoolManager, query: str
) -> None:
    assert http.request("GET", f"{server}/messages?{query}").status == 400


def test_the_page_loads_its_script_and_style_from_here(
    server: str, http: urllib3.PoolManager
) -> None:
    page = http.request("GET", f"{server}/").data.decode()
    assert "長崎市（この画面はテスト用です）" in page.replace('<span class="test-note">', "")
    assert "https://" not in page
    assert " style=" not in page
    assert http.request("GET", f"{server}/static/chat.css").status == 200
