"""Read the environment once, into one frozen Config; nothing else in the project reads it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LINE_API = "https://api.line.me"
MIN_SECRET_LENGTH = 16
EXAMPLE_SECRETS = frozenset({"changeme", "change-me", "secret", "example", "dev", "password"})
DEFAULT_PORT = 8000
ENGINES = ("auto", "lexical")
DEFAULT_RATE_LIMIT = 20
"""Messages a person may send in a minute before we ask for a pause: nobody reads answers faster."""

DEFAULT_RETENTION_DAYS = 90
HIGHEST = {
    "PORT": 65535,
    "BOT_RATE_LIMIT": 10_000,
    "BOT_RETENTION_DAYS": 3650,
}
SECRETS = (
    "LINE_CHANNEL_SECRET",
    "LINE_CHANNEL_SECRET_OLD",
    "LINE_CHANNEL_ACCESS_TOKEN",
    "BOT_SECRET_KEY",
    "BOT_METRICS_TOKEN",
    "BOT_BACKUP_KEY",
    "BOT_RECORDS_URL",
    "BOT_QUEUE_URL",
)
"""What may also be given as a file, by NAME_FILE."""

QUEUE_SCHEMES = ("sqlite:///", "postgresql://", "redis://", "rediss://", "memory://")


class ConfigError(Exception):
    """The environment is not usable; `problems` are sentences in Japanese, all of them at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Config:
    """Everything the environment decides. In local mode no real LINE is connected."""

    is_local: bool
    port: int
    base_url: str
    line_channel_secrets: tuple[str, ...] = field(repr=False)
    line_channel_access_token: str = field(repr=False)
    secret_key: str = field(repr=False)
    line_api_base: str
    database: Path
    records_url: str = field(repr=False)
    queue_url: str = field(repr=False)
    engine: str
    rate_limit: int = DEFAULT_RATE_LIMIT
    retention_days: int = DEFAULT_RETENTION_DAYS
    metrics_token: str = field(default="", repr=False)
    backup_key: str = field(default="", repr=False)
    metrics_folder: Path | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the environment; raises ConfigError that lists everything missing or wrong."""
        env, problems = _with_files(os.environ if environ is None else environ)
        is_local = not env.get("LINE_CHANNEL_SECRET") and not env.get("LINE_CHANNEL_ACCESS_TOKEN")
        problems += [*_number_problems(env), *_engine_problems(env), *_url_problems(env)]
        if not is_local:
            problems += _secret_problems(env)
        if problems:
            raise ConfigError(problems)
        port = int(env.get("PORT") or DEFAULT_PORT)
        local_base = f"http://127.0.0.1:{port}"
        secret = env.get("LINE_CHANNEL_SECRET") or secrets.token_hex(16)
        old_secret = env.get("LINE_CHANNEL_SECRET_OLD")
        metrics_folder = env.get("PROMETHEUS_MULTIPROC_DIR")
        return cls(
            is_local=is_local,
            port=port,
            base_url=env.get("BOT_BASE_URL") or local_base,
            line_channel_secrets=(secret, old_secret) if old_secret else (secret,),
            line_channel_access_token=env.get("LINE_CHANNEL_ACCESS_TOKEN") or secrets.token_hex(32),
            secret_key=env.get("BOT_SECRET_KEY") or secrets.token_hex(32),
            line_api_base=env.get("LINE_API_BASE")
            or (f"{local_base}/simulator/line" if is_local else LINE_API),
            database=Path(env.get("BOT_DATABASE") or "instance/kb.db"),
            records_url=env.get("BOT_RECORDS_URL") or "sqlite:///instance/records.db",
            queue_url=env.get("BOT_QUEUE_URL") or "sqlite:///instance/queue.db",
            engine=env.get("BOT_ENGINE") or ENGINES[0],
            rate_limit=int(env.get("BOT_RATE_LIMIT") or DEFAULT_RATE_LIMIT),
            retention_days=int(env.get("BOT_RETENTION_DAYS") or DEFAULT_RETENTION_DAYS),
            metrics_token=env.get("BOT_METRICS_TOKEN", ""),
            backup_key=env.get("BOT_BACKUP_KEY", ""),
            metrics_folder=Path(metrics_folder) if metrics_folder else None,
        )


def calm_arithmetic() -> None:
    """One thread for vectors: two spin against each other (search p50 3.5 instead of 10 ms).

    It counts only when set before NumPy is first imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def export_metrics_folder(folder: Path) -> None:
    """Tell the processes started after this one where they keep their metrics together."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def require_production(config: Config) -> None:
    """Refuse to serve citizens without a connected LINE channel; raises ConfigError."""
    if config.is_local:
        raise ConfigError(
            [
                "LINE_CHANNEL_SECRET がありません。",
                "LINE_CHANNEL_ACCESS_TOKEN がありません。",
                "試すだけなら make run を使ってください。",
            ]
        )


def _with_files(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment, with NAME_FILE read where NAME is absent (systemd and Docker secrets)."""
    env = {name: value.strip() for name, value in environ.items()}
    problems = []
    for name in SECRETS:
        path = env.get(f"{name}_FILE")
        if env.get(name) or not path:
            continue
        try:
            env[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{name}_FILE のファイルが読めません。")
    return env, problems


def _number_problems(env: Mapping[str, str]) -> list[str]:
    found = (_number_problem(env, name, highest) for name, highest in HIGHEST.items())
    return [problem for problem in found if problem]


def _number_problem(env: Mapping[str, str], name: str, highest: int) -> str | None:
    value = env.get(name) or "1"
    if value.isdecimal() and 0 < int(value) <= highest:
        return None
    return f"{name} は 1〜{highest} の数字にしてください（今は「{value}」）。"


def _engine_problems(env: Mapping[str, str]) -> list[str]:
    value = env.get("BOT_ENGINE") or ENGINES[0]
    if value in ENGINES:
        return []
    return [f"BOT_ENGINE は {' か '.join(ENGINES)} です（今は「{value}」）。"]


def _url_problems(env: Mapping[str, str]) -> list[str]:
    problems = []
    if env.get("BOT_QUEUE_URL") and not env["BOT_QUEUE_URL"].startswith(QUEUE_SCHEMES):
        problems.append(f"BOT_QUEUE_URL は {'、'.join(QUEUE_SCHEMES)} のどれかで始めてください。")
    if env.get("BOT_BASE_URL") and not _has_host(env["BOT_BASE_URL"]):
        problems.append("BOT_BASE_URL は https://bot.example.jp のように書いてください。")
    return problems


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _secret_problems(env: Mapping[str, str]) -> list[str]:
    names = ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "BOT_SECRET_KEY"]
    optional = ("LINE_CHANNEL_SECRET_OLD", "BOT_METRICS_TOKEN", "BOT_BACKUP_KEY")
    names += [name for name in optional if env.get(name)]
    found = (_secret_problem(name, env.get(name, "")) for name in names)
    return [problem for problem in found if problem]


def _secret_problem(name: str, value: str) -> str | None:
    if not value:
        return f"{name} がありません。"
    if value.lower() in EXAMPLE_SECRETS or len(set(value)) == 1:
        return f"{name} が見本のままです。"
    if len(value) < MIN_SECRET_LENGTH:
        return f"{name} が短すぎます（{MIN_SECRET_LENGTH}文字以上）。"
    return None
