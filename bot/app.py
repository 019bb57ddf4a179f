"""Assemble the bot: the only place where its parts meet."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy.engine import make_url

from bot import cli, pages, simulator, webhook
from bot.config import Config
from bot.line_api import Line, LineApi
from bot.parts import Parts
from bot.simulator.sender import WebhookSender
from bot.simulator.stub import LineStub
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.vectors import installed_encoder

REPLIER_THREADS = 16


def create_app(
    config: Config | None = None,
    line: Line | None = None,
    clock: Callable[[], float] = time.time,
) -> Flask:
    """A Flask app from a configuration (the environment's by default) and its outside world."""
    config = config or Config.from_env()
    app = Flask("bot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = webhook.MAX_BODY_BYTES
    app.secret_key = config.secret_key
    parts = Parts(
        config=config,
        kb=_knowledge_base(config),
        records=store.open_store(_with_folder(config.records_url)),
        line=line or LineApi(config.line_api_base, config.line_channel_access_token),
        clock=clock,
    )
    app.extensions["bot"] = parts
    threads = ThreadPoolExecutor(REPLIER_THREADS, thread_name_prefix="replier")
    app.register_blueprint(webhook.create_blueprint(parts, threads))
    app.register_blueprint(pages.create_blueprint(parts))
    app.after_request(pages.add_security_headers)
    if config.is_local:
        stub = LineStub(config.line_channel_access_token, clock)
        app.extensions["line_stub"] = stub
        app.register_blueprint(_simulator(config, stub), url_prefix="/simulator")
    cli.register(app)
    logging.getLogger("bot").setLevel(logging.INFO)
    return app


def _knowledge_base(config: Config) -> KnowledgeBase:
    encoder = installed_encoder() if config.engine == "auto" else None
    kb = KnowledgeBase(config.database, encoder)
    kb.import_catalog()
    return kb


def _with_folder(records_url: str) -> str:
    """SQLite makes its file but not the folder around it."""
    url = make_url(records_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return records_url


def _simulator(config: Config, stub: LineStub) -> Blueprint:
    """LINE on this machine; a server with a LINE channel never gets here."""
    callback = f"http://127.0.0.1:{config.port}/callback"
    sender = WebhookSender(callback, config.line_channel_secrets[0])
    return simulator.create_blueprint(stub, sender.send)
