"""An echo bot the way line-bot-sdk's README shows it, to compare ours with.

The SDK's handler checks and parses, its models carry the message, and a client is built per event.
Only the log line with the citizen's words is left out.
"""

from flask import Flask, Response, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent

from tests.load import echo_options
from tests.load.echo_options import Options


def create_app(options: Options) -> Flask:
    """`POST /callback`, answered inline."""
    app = Flask(__name__)
    configuration = options.configuration()
    handler = WebhookHandler(options.secret)

    @app.get("/")
    def ready() -> str:
        return "OK"

    @app.post("/callback")
    def receive() -> Response:
        body = request.get_data(as_text=True)
        try:
            handler.handle(body, request.headers["X-Line-Signature"])
        except InvalidSignatureError:
            abort(400)
        return Response("OK")

    @handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator]
    def echo(event: MessageEvent) -> None:
        with ApiClient(configuration) as client:
            said = TextMessage(text=event.message.text)
            answer = ReplyMessageRequest(reply_token=event.reply_token, messages=[said])
            MessagingApi(client).reply_message_with_http_info(answer)

    return app


def main() -> None:
    """Serve until the process is ended."""
    options = echo_options.read()
    echo_options.serve(create_app(options), options.port)


if __name__ == "__main__":
    main()
