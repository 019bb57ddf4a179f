"""The public pages: what the bot is, and whether it is well."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, render_template

from bot import open_figures
from bot.open_figures import OpenFigures
from bot.parts import Parts
from handlers.line import words
from knowledge.remembered import Remembered

log = logging.getLogger(__name__)

WORKER_DEAD_SECONDS = 15.0
"""An event in work for longer than this means that nobody is answering (OPS.md §5)."""

LOOPBACK = ("127.0.0.1", "localhost")
"""For monitors on this machine. Werkzeug's list cannot name an IPv6 address."""

FORBIDDEN_FEATURES = (
    *("accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation"),
    *("gyroscope", "microphone", "midi", "payment", "usb"),
)
"""What no page of ours asks a browser for."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FORBIDDEN_FEATURES),
}

HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""Not in local mode: a browser would then refuse everything else on this machine's 127.0.0.1."""


def create_blueprint(parts: Parts) -> Blueprint:
    """`GET /` and `GET /healthz`."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    kept: Remembered[OpenFigures] = Remembered(open_figures.KEPT_SECONDS, parts.clock)

    @blueprint.get("/")
    def home() -> str:
        return render_template(
            "home.html",
            figures=kept.get("open", lambda: open_figures.collect(parts)),
            words=words,
            is_local=parts.config.is_local,
        )

    @blueprint.get("/healthz")
    def health() -> tuple[Response, int]:
        report = health_report(parts)
        return jsonify(report), 200 if report["status"] == "ok" else 503

    return blueprint


def health_report(parts: Parts) -> dict[str, object]:
    """Database, inbox age in seconds, engine and revision, for a monitor."""
    try:
        state = parts.state()
    except Exception as error:  # whatever is wrong, a monitor is told so
        log.error("health_failed", exc_info=error)
        return {"status": "error", "database": "error"}
    return {
        "status": "ok" if state.queue_age_seconds < WORKER_DEAD_SECONDS else "late",
        "database": "ok",
        "inbox_age": round(state.queue_age_seconds, 1),
        "queue": state.queue_length,
        "engine": state.engine,
        "revision": state.knowledge_revision,
        "release": parts.kb.release.number,
    }


def header_writer(base_url: str) -> Callable[[Response], Response]:
    """What puts the headers on every answer (OPS.md §4, X2); a file's own caching rule stays."""
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
    if base_url.startswith("https://"):
        headers |= HTTPS_ONLY

    def write(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return write


def own_hosts(base_url: str) -> list[str]:
    """The names we answer to; Flask refuses requests for any other with 400, whatever the path."""
    public = urlsplit(base_url).hostname
    return [*([public] if public else []), *LOOPBACK]
