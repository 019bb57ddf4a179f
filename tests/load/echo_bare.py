"""The leanest fair echo bot, to compare ours with: plain JSON, and one shared client of the SDK."""

import base64
import hashlib
import hmac
import json

from flask import Flask, Response, abort, request
from linebot.v3.messaging import ApiClient

from tests.load import echo_options
from tests.load.echo_options import THREADS, Options

HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}


def create_app(options: Options) -> Flask:
    """`POST /callback`, answered inline."""
    app = Flask(__name__)
    configuration = options.configuration()
    configuration.connection_pool_maxsize = THREADS
    client = ApiClient(configuration)
    key = options.secret.encode()

    @app.get("/")
    def ready() -> str:
        return "OK"

    @app.post("/callback")
    def receive() -> Response:
        body = request.get_data(cache=False)
        signature = base64.b64encode(hmac.digest(key, body, hashlib.sha256))
        if not hmac.compare_digest(signature, request.headers["X-Line-Signature"].encode()):
            abort(400)
        for event in json.loads(body)["events"]:
            echo(event["replyToken"], event["message"]["text"])
        return Response("OK")

    def echo(token: str, text: str) -> None:
        client.call_api(
            "/v2/bot/message/reply",
            "POST",
            header_params=dict(HEADERS),
            body={"replyToken": token, "messages": [{"type": "text", "text": text}]},
            response_types_map={},
            auth_settings=["Bearer"],
        )

    return app


def main() -> None:
    """Serve until the process is ended."""
    options = echo_options.read()
    echo_options.serve(create_app(options), options.port)


if __name__ == "__main__":
    main()
