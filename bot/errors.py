"""What a visitor sees when something is wrong: a calm page, never a stack, never what was sent."""

import logging
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

log = logging.getLogger(__name__)

FOR_MACHINES = frozenset({"/callback", "/healthz", "/metrics"})
"""Read by LINE and monitors: one plain line is enough."""

WRONG_REQUEST = ("表示できませんでした", "送られた内容を読み取れませんでした。")
BROKEN = ("いま、うまく動いていません", "しばらくしてから、もう一度お試しください。")
WORDS = {
    403: ("開けないページです", "このページを見ることはできません。"),
    404: ("ページが見つかりません", "アドレスが変わったか、まちがっているようです。"),
    405: ("その操作はできません", "このアドレスでは、その操作を受け付けていません。"),
    413: ("大きすぎて受け取れません", "送る内容を小さくして、もう一度お試しください。"),
    503: ("ただいま混み合っています", "しばらくしてから、もう一度お試しください。"),
}


def register(app: Flask) -> None:
    """Answer every error of the app this way, also when FLASK_DEBUG is set."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_error_handler(HTTPException, page)


def words_for(status: int) -> tuple[str, str]:
    """A title and a sentence."""
    return WORDS.get(status) or (BROKEN if status >= 500 else WRONG_REQUEST)


def page(error: HTTPException) -> Response:
    """The page of an error, with the headers its status needs, such as Allow."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    title, sentence = words_for(status)
    if isinstance(error, SecurityError):
        log.warning("host_refused")
    if request.path in FOR_MACHINES:
        response = Response(f"{title}。{sentence}\n", status, mimetype="text/plain")
    else:
        response = Response(render_template("error.html", title=title, sentence=sentence), status)
    response.headers.extend(
        [header for header in error.get_headers() if header[0] != "Content-Type"]
    )
    return response
