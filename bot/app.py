"""Assemble the bot: the only place where its parts meet."""

import time
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy.engine import make_url

from bot import cli, errors, pages, replier, simulator, webhook
from bot.config import Config
from bot.line_api import Line, LineApi
from bot.metrics import Metrics
from bot.metrics import create_blueprint as create_metrics_page
from bot.parts import Parts
from bot.queue import Queue
from bot.simulator.sender import WebhookSender
from bot.simulator.stub import LineStub
from handlers.staff import site as staff_site
from knowledge import releases
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.sealed import Seal
from knowledge.vectors import installed_encoder


def create_app(
    config: Config | None = None,
    line: Line | None = None,
    clock: Callable[[], float] = time.time,
) -> Flask:
    """A Flask app from a configuration (the environment's by default) and its outside world."""
    config = config or Config.from_env()
    app = Flask("bot", static_folder=None, static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = webhook.MAX_BODY_BYTES
    app.config["TRUSTED_HOSTS"] = pages.own_hosts(config.base_url)
    app.secret_key = config.secret_key
    metrics = Metrics(config.metrics_folder)
    records = store.open_store(_with_folder(config.records_url))
    kb = KnowledgeBase(config.database, installed_encoder() if config.engine == "auto" else None)
    releases.start(kb, records, clock)
    parts = Parts(
        config=config,
        kb=kb,
        records=records,
        queue=Queue(config.queue_url, lambda event_id: replier.answer(event_id, parts)),
        seal=Seal(config.secret_key.encode(), "inbox"),
        line=line
        or LineApi(config.line_api_base, config.line_channel_access_token, metrics.called),
        metrics=metrics,
        clock=clock,
    )
    app.extensions["bot"] = parts
    door = webhook.create_blueprint(parts)
    app.register_blueprint(door)
    app.register_blueprint(pages.create_blueprint(parts))
    app.register_blueprint(
        create_metrics_page(lambda: metrics.exposition(parts.state), config.metrics_token)
    )
    app.after_request(pages.header_writer(config.base_url))
    errors.register(app)
    without_forms = [door, *_simulator(app, config, clock)]
    staff_site.install(app, parts.desk(), without_forms)
    cli.register(app)
    return app


def _with_folder(records_url: str) -> str:
    """SQLite makes its file but not the folder around it."""
    url = make_url(records_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return records_url


def _simulator(app: Flask, config: Config, clock: Callable[[], float]) -> list[Blueprint]:
    """LINE on this machine; a server with a LINE channel has none."""
    if not config.is_local:
        return []
    stub = LineStub(config.line_channel_access_token, clock)
    app.extensions["line_stub"] = stub
    callback = f"http://127.0.0.1:{config.port}/callback"
    sender = WebhookSender(callback, config.line_channel_secrets[0])
    blueprint = simulator.create_blueprint(stub, sender.send)
    app.register_blueprint(blueprint, url_prefix="/simulator")
    return [blueprint]
