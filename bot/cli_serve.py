"""The commands that stay running: serve, web, worker, run-local."""

import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import click
import waitress
from flask import Flask
from flask.cli import ScriptInfo
from waitress.server import BaseWSGIServer

from bot import cli_staff, logs, metrics, supervisor
from bot import parts as parts_module
from bot.chores import OF_THE_WEB, Chores
from bot.cli_common import fail
from bot.config import ConfigError, export_metrics_folder, require_production
from bot.worker import Worker, settle, warm_up

WEB_THREADS = 12
"""Eight at most are the staff site's (handlers/staff/crowd.py). Taking a message in is short: more
threads would only pass the interpreter's lock around."""

LOCAL_HOST = "127.0.0.1"
LIMITS: dict[str, Any] = {
    "ident": None,
    "connection_limit": 1000,
    "max_request_body_size": 100_000_000,
    "channel_timeout": 30,
    "asyncore_use_poll": True,
    "trusted_proxy": LOCAL_HOST,
    "trusted_proxy_headers": {"x-forwarded-for"},
    "clear_untrusted_proxy_headers": True,
}
"""No server name in answers; room for stalled uploads, which are closed after half a minute, and on
disk for a file that is too large, so that it is refused in words; the sender's address as the proxy
on this machine tells it."""

DRAIN_SECONDS = 5.0
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - figures only, and the folder is our own

_host = click.option("--host", default=LOCAL_HOST, help="待ち受ける住所")
_parent = click.option("--parent", type=int, hidden=True)
_after = click.option("--after", type=int, hidden=True)


@click.command("serve")
@_host
@click.option("--workers", type=click.IntRange(1, 64), help="答える人手の数（ふつうはCPUの数）")
@click.pass_obj
def serve(info: ScriptInfo, host: str, workers: int | None) -> None:
    """本番の受付を始める（TLS の代理サーバーの後ろで動かす）。受付と、答える係を動かし続ける。"""
    app = _production_app(info)
    parts = parts_module.of(app)
    parts.kb.snapshot(
        parts.today()
    )  # what is costly to compute is kept in the file for the workers
    folder = _metrics_folder(app)
    metrics.prepare(folder)
    export_metrics_folder(folder)
    command = supervisor.command(host, workers or len(os.sched_getaffinity(0)))
    os.execv(command[0], command)  # noqa: S606 - our own program takes this one's place


@click.command("web")
@_host
@_parent
@_after
@click.pass_obj
def web(info: ScriptInfo, host: str, parent: int | None, after: int | None) -> None:
    """受付だけを動かす（答えるのは flask worker）。"""
    app = _production_app(info)
    _take_place(app, parent, after)
    stopping = supervisor.stopping_event()
    parts = parts_module.of(app)
    chores = Chores(parts, OF_THE_WEB)
    chores.start()
    server = listen(app, host)
    warm_up(parts)  # it answers by itself as soon as the records fail
    settle()
    stopping.wait()
    chores.stop()
    drain(server)


@click.command("worker")
@_parent
@_after
@click.pass_obj
def worker(info: ScriptInfo, parent: int | None, after: int | None) -> None:
    """答える係だけを動かす（受け付けるのは flask web）。"""
    app = _production_app(info)
    _take_place(app, parent, after)
    stopping = supervisor.stopping_event()
    running = Worker(parts_module.of(app))
    running.start()
    settle()
    stopping.wait()
    running.stop()


@click.command("run-local")
@click.pass_obj
def run_local(info: ScriptInfo) -> None:
    """この機械で試す。LINE の代わりの画面つき。受付と答える係を一つにして動かす。"""
    app = info.load_app()
    logs.configure(layout=logs.plain_line)
    stopping = supervisor.stopping_event()
    link = cli_staff.first_local_account(app)
    if link is not None:
        click.echo(f"編集サイトの最初の職員になるには（一度だけ使えます）：{link}")
    running = Worker(parts_module.of(app))
    running.start()
    server = listen(app, LOCAL_HOST)
    stopping.wait()
    drain(server)
    running.stop()


def listen(app: Flask, host: str, threads: int = WEB_THREADS) -> BaseWSGIServer:
    """A server that answers from now on, in a thread of its own."""
    port = parts_module.of(app).config.port
    try:
        server = waitress.create_server(app, host=host, port=port, threads=threads, **LIMITS)
    except OSError:
        fail([f"{port} 番はほかのプログラムが使っています。PORT で別の番号を選んでください。"])
    threading.Thread(target=server.run, name="web", daemon=True).start()
    return server


def drain(server: BaseWSGIServer) -> None:
    """Accept nothing more, and let the answers in work go out, for a few seconds at most."""
    server.accepting = False
    server.socket.shutdown(socket.SHUT_RD)
    deadline = time.monotonic() + DRAIN_SECONDS
    while _is_busy(server) and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_busy(server: BaseWSGIServer) -> bool:
    dispatcher = server.task_dispatcher
    unsent = any(channel.total_outbufs_len for channel in list(server.active_channels.values()))
    return bool(dispatcher.active_count or dispatcher.queue or unsent)


def _production_app(info: ScriptInfo) -> Flask:
    app = info.load_app()
    try:
        require_production(parts_module.of(app).config)
    except ConfigError as error:
        fail(error.problems)
    logs.configure()
    return app


def _metrics_folder(app: Flask) -> Path:
    """In memory where there is such a folder: a process must not end because the disk is full."""
    config = parts_module.of(app).config
    if config.metrics_folder is not None:
        return config.metrics_folder
    parent = IN_MEMORY if IN_MEMORY.is_dir() else config.database.parent
    return parent / f"line-bot-metrics-{config.port}"


def _take_place(app: Flask, parent: int | None, after: int | None) -> None:
    """Belong to a supervisor, in the place of a process that ended."""
    folder = parts_module.of(app).config.metrics_folder
    if after is not None and folder is not None:
        metrics.mark_dead(folder, after)
    if parent is not None:
        supervisor.follow_parent(parent)
