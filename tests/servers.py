"""Real PostgreSQL and Redis for tests: those of the environment, else private ones made here.

`python -m tests.servers` starts both, prints their addresses as shell exports, and stays until
it is ended. BOT_TEST_STORE=postgresql moves the whole suite to PostgreSQL; BOT_TEST_QUEUE=redis
moves its queue on to Redis.
"""

import atexit
import itertools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
import redis
from psycopg import sql
from sqlalchemy.engine import make_url

from knowledge.records import store
from tests.load.processes import free_port

# Only the test run itself is configured so, never the bot.
_SWITCHES = {name: value for name, value in os.environ.items() if name.startswith("BOT_TEST_")}  # noqa: TID251

START_SECONDS = 30
KEPT_DATABASES = 8
"""Older ones that nobody is connected to any more are dropped: each takes 8 MB of disk."""

POSTGRES_SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400",
    "shared_buffers=64MB", "max_wal_size=256MB", "listen_addresses=127.0.0.1",
)  # fmt: skip

_run_name = secrets.token_hex(4)
_numbers = itertools.count(1)
_left: list[str] = []


def store_name() -> str:
    """Where the records of this test run live: `sqlite` or `postgresql`."""
    return _SWITCHES.get("BOT_TEST_STORE") or "sqlite"


@cache
def records_url(folder: Path) -> str:
    """A records database for a test's folder, by the store of this run; the same one each time."""
    if store_name() == "sqlite":
        return records_file(folder)
    return _required(fresh_database(_migrated()), "PostgreSQL")


def records_file(folder: Path) -> str:
    """The address of a records database in a folder's file, by whatever store the run has."""
    path = folder / "records.db"
    if folder.is_dir() and not path.exists():
        shutil.copyfile(_migrated_file(), path)
    return f"sqlite:///{path}"


@cache
def queue_url(folder: Path) -> str:
    """A queue for a test's folder, by the store of this run; the same one each time."""
    if _SWITCHES.get("BOT_TEST_QUEUE") == "redis":
        return _required(fresh_redis(), "Redis")
    return f"sqlite:///{folder / 'queue.db'}" if store_name() == "sqlite" else records_url(folder)


@cache
def postgres_url() -> str | None:
    """A PostgreSQL server whose databases are ours to make and drop; None when there is none."""
    given = _SWITCHES.get("BOT_TEST_POSTGRES_URL")
    return given or _started(_start_postgres, _newest_postgres())


@cache
def redis_url() -> str | None:
    """A Redis server whose databases are ours to empty; None when there is none."""
    given = _SWITCHES.get("BOT_TEST_REDIS_URL")
    return given or _started(_start_redis, shutil.which("redis-server"))


def fresh_database(template: str | None = "template1") -> str | None:
    """The address of a new PostgreSQL database: an empty one, or a copy of the template."""
    server = postgres_url()
    if server is None or template is None:
        return None
    name = f"test_{_run_name}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        _drop_unused(connection)
        names = sql.Identifier(name), sql.Identifier(template)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    _left.append(name)
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def fresh_redis() -> str | None:
    """The address of an empty Redis database; the server's first one counts those handed out."""
    server = redis_url()
    if server is None:
        return None
    with redis.Redis.from_url(server) as client:
        number = client.incr("handed out")
    url = make_url(server).set(database=str(number))
    address = url.render_as_string(hide_password=False)
    with redis.Redis.from_url(address) as client:
        client.flushdb()
    return address


def contents(url: str) -> bytes:
    """All that a records database holds: a file with its journals, or every table with its rows."""
    where = make_url(url)
    if where.drivername == "sqlite":
        path = Path(str(where.database))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return b"".join(_rows(connection, name) for (name,) in tables.fetchall())


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT (FORMAT csv, HEADER)").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as rows:
        return b"".join(bytes(row) for row in rows)


def _required(address: str | None, server: str) -> str:
    """A run that was told to use a server must not quietly test something else."""
    if address is None:
        raise RuntimeError(f"{server} is asked for, but not installed here")
    return address


@cache
def _migrated() -> str | None:
    """The name of a database at the newest version, to make copies of in milliseconds."""
    address = fresh_database()
    if address is None:
        return None
    store.open_store(address).dispose()
    return _left.pop()  # never dropped as unused


@cache
def _migrated_file() -> Path:
    """A records file at the newest version: a copy takes a tenth of the time of making one."""
    path = _folder_of_this_run() / "records.db"
    store.open_store(f"sqlite:///{path}").dispose()
    return path


def _drop_unused(connection: psycopg.Connection) -> None:
    """Drop two at most; PostgreSQL would wait five seconds for one that is in use."""
    in_use = "SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL"
    busy = {name for (name,) in connection.execute(in_use)}
    for name in [name for name in _left[:-KEPT_DATABASES] if name not in busy][:2]:
        _left.remove(name)
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _newest_postgres() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_major)
    return str(found[-1].parent) if found else None


def _major(binary: Path) -> int:
    return int(binary.parents[1].name) if binary.parents[1].name.isdecimal() else 0


def _started(start: Callable[[str, Path, int], str], binary: str | None) -> str | None:
    """Start a server in a folder of its own."""
    if binary is None:
        return None
    return start(binary, _folder_of_this_run(), free_port())


def _folder_of_this_run() -> Path:
    """A new one, which goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="bot-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _start_postgres(binaries: str, folder: Path, port: int) -> str:
    """The server refuses to run as root: then it is Debian's user `postgres`."""
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, user)
    data = folder / "data"
    initdb = [f"{binaries}/initdb", "-D", str(data), "-U", "bot", "-A", "trust", "-E", "UTF8"]
    _run([*initdb, "--locale=C", "--no-sync"], folder, user).wait(START_SECONDS)
    settings = [part for setting in POSTGRES_SETTINGS for part in ("-c", setting)]
    server = [f"{binaries}/postgres", "-D", str(data), "-k", str(folder), "-p", str(port)]
    _stop_at_exit(_run([*server, *settings], folder, user), signal.SIGINT)
    address = f"postgresql://bot@127.0.0.1:{port}/postgres"
    _wait_for(lambda: psycopg.connect(address).close(), folder)
    return address


def _start_redis(binary: str, folder: Path, port: int) -> str:
    command = [binary, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    settings = ["--save", "", "--appendonly", "no", "--databases", "10000"]
    _stop_at_exit(_run([*command, *settings], folder, None), signal.SIGTERM)
    address = f"redis://127.0.0.1:{port}/0"
    _wait_for(lambda: _ping(address), folder)
    return address


def _ping(address: str) -> None:
    with redis.Redis.from_url(address) as client:
        client.ping()


def _run(command: list[str], folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    """Start a command whose words land in a file of its folder; root steps down to `user`."""
    steps_down = user if os.geteuid() == 0 else None
    with (folder / "log").open("ab") as words:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
            user=steps_down,
            group=steps_down,
            extra_groups=[] if steps_down else None,
        )


def _stop_at_exit(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:  # not in a forked child
            process.send_signal(how)
            process.wait(START_SECONDS)

    atexit.register(stop)


def _wait_for(ask: Callable[[], object], folder: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
        except (psycopg.OperationalError, redis.ConnectionError) as error:
            if time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text(encoding="utf-8")) from error
            time.sleep(0.05)
        else:
            return


def main() -> None:
    """Start what is installed, say where, and wait."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # an exit that ends the servers, too
    for name, url in (("POSTGRES", postgres_url()), ("REDIS", redis_url())):
        if url is not None:
            sys.stdout.write(f"export BOT_TEST_{name}_URL={url}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main()
