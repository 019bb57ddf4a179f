"""The public pages: what the bot is, and whether it is well."""

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from bot.parts import Parts
from handlers.line import words
from knowledge.entry import CATEGORIES
from knowledge.records import inbox

WORKER_DEAD_SECONDS = 15.0
"""An event in work for longer than this means that nobody is answering (OPS.md §5)."""

ALARM_SECONDS = 600.0
"""How long a monitor is told of an event that was never finished, as after a crash."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_blueprint(parts: Parts) -> Blueprint:
    """`GET /` and `GET /healthz`."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")

    @blueprint.get("/")
    def home() -> str:
        entries = parts.kb.snapshot(parts.today()).entries
        return render_template(
            "home.html",
            count=len(entries),
            categories=CATEGORIES,
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
        oldest = inbox.oldest_unfinished(parts.records, parts.clock() - ALARM_SECONDS)
        revision = parts.kb.revision
    except (SQLAlchemyError, OSError):
        return {"status": "error", "database": "error"}
    age = 0.0 if oldest is None else max(0.0, parts.clock() - oldest)
    return {
        "status": "ok" if age < WORKER_DEAD_SECONDS else "late",
        "database": "ok",
        "inbox_age": round(age, 1),
        "engine": parts.kb.engine,
        "revision": revision,
    }


def add_security_headers(response: Response) -> Response:
    """Put the headers on every page (OPS.md §4, X2)."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
