"""A tiny bot for the chat page's tests: it answers through the real reply endpoint."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import urllib3
from flask import Flask, Response
from werkzeug.serving import make_server

from bot.simulator import LineStub, create_blueprint

CHANNEL_TOKEN: Final = "token-of-the-fake-channel"
HTML: Final = "<img src=x onerror=document.title='stolen'><b>太字</b>"
POLICY: Final = "default-src 'self'"


def a_button(label: str, action: dict[str, str]) -> dict[str, Any]:
    return {"type": "button", "scaling": True, "action": {"label": label, **action}}


def a_flex_text(text: str, **keys: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, "color": "#111111", **keys}


def a_card(*contents: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "flex", "altText": "カード", "contents": {"type": "bubble", "body": body}}


def quick_replies(*labels: str) -> dict[str, Any]:
    actions = [{"type": "message", "label": label, "text": label} for label in labels]
    return {"items": [{"type": "action", "action": action} for action in actions]}


CARD: Final = a_card(
    a_flex_text("大きくなる文字", scaling=True),
    a_flex_text("大きくならない文字"),
    a_button("粗大ごみ", {"type": "postback", "data": "a=1", "displayText": "粗大ごみを見る"}),
    a_button("電話する", {"type": "uri", "uri": "tel:0958228888"}),
    a_button("ホームページ", {"type": "uri", "uri": "https://www.city.nagasaki.lg.jp/"}),
)
GREETING: Final = {"type": "text", "text": "友だち追加ありがとうございます。"}
ANSWERS: Final = {
    "follow": [GREETING],
    "postback": [{"type": "text", "text": "粗大ごみの案内です。"}],
    "ごみ": [
        {"type": "text", "text": "ごみの案内です。電話は 095-822-8888 です。"},
        {**CARD, "quickReply": quick_replies("家庭ごみ", "資源ごみ")},
    ],
    "HTML": [{"type": "text", "text": HTML}, a_card(a_flex_text(HTML))],
    "日": [
        {
            "type": "template",
            "altText": "日にち",
            "template": {
                "type": "buttons",
                "text": "日にちを選んでください",
                "actions": [
                    {
                        "type": "datetimepicker",
                        "label": "選ぶ",
                        "data": "day",
                        "mode": "date",
                        "initial": "2026-11-22",
                    }
                ],
            },
        }
    ],
    "場所": [
        {
            "type": "location",
            "title": "市役所",
            "address": "長崎市",
            "latitude": 32.75,
            "longitude": 129.87,
        }
    ],
    "候補": [
        {
            "type": "flex",
            "altText": "候補",
            "contents": {"type": "carousel", "contents": [CARD["contents"]] * 4},
        }
    ],
    "リンク": [
        {
            "type": "text",
            "text": "（https://www.city.nagasaki.lg.jp/）か 095-822-8888 へ。",
        }
    ],
}


class FakeBot:
    """Takes the webhook calls and answers each event through the real reply endpoint."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.reply_url = ""
        self.working = threading.Event()
        self.working.set()

    def receive(self, payload: dict[str, Any]) -> int:
        event = payload["events"][0]
        self.events.append(event)
        self.working.wait(10)
        written = event.get("message", {}).get("text")
        wanted = written if event["type"] == "message" else event["type"]
        fallback = [{"type": "text", "text": f"「{written}」ですね。"}]
        self._reply(event["replyToken"], ANSWERS.get(wanted, fallback))
        return 200

    def texts(self) -> list[str]:
        messages = [event["message"] for event in self.events if event["type"] == "message"]
        return [message["text"] for message in messages if message["type"] == "text"]

    def kinds(self) -> list[str]:
        return [event.get("message", event)["type"] for event in self.events]

    def _reply(self, token: str, messages: list[dict[str, Any]]) -> None:
        response = urllib3.request(
            "POST",
            self.reply_url,
            headers={"Authorization": f"Bearer {CHANNEL_TOKEN}"},
            json={"replyToken": token, "messages": messages},
            retries=False,
        )
        assert response.status == 200, response.data


@contextmanager
def serving(bot: FakeBot) -> Iterator[str]:
    """The address of the chat page in front of the bot."""
    app = Flask(__name__)
    stub = LineStub(CHANNEL_TOKEN)
    app.register_blueprint(create_blueprint(stub, bot.receive), url_prefix="/simulator")
    app.after_request(_with_policy)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/simulator/"
    bot.reply_url = f"{address}line/v2/bot/message/reply"
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


def _with_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response
