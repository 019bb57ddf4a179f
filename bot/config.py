"""Read the environment once, into one frozen Config; nothing else in the project reads it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LINE_API = "https://api.line.me"
MIN_SECRET_LENGTH = 16
EXAMPLE_SECRETS = frozenset({"changeme", "change-me", "secret", "example", "dev", "password"})
DEFAULT_PORT = 8000
ENGINES = ("auto", "lexical")


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
    engine: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the environment; raises ConfigError that lists everything missing or wrong."""
        env = {k: v.strip() for k, v in (os.environ if environ is None else environ).items()}
        is_local = not env.get("LINE_CHANNEL_SECRET") and not env.get("LINE_CHANNEL_ACCESS_TOKEN")
        problems = [*_port_problems(env), *_engine_problems(env)]
        if not is_local:
            problems += _secret_problems(env)
        if problems:
            raise ConfigError(problems)
        port = int(env.get("PORT") or DEFAULT_PORT)
        local_base = f"http://127.0.0.1:{port}"
        secret = env.get("LINE_CHANNEL_SECRET") or secrets.token_hex(16)
        old_secret = env.get("LINE_CHANNEL_SECRET_OLD")
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
            engine=env.get("BOT_ENGINE") or ENGINES[0],
        )


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


def _port_problems(env: Mapping[str, str]) -> list[str]:
    value = env.get("PORT") or str(DEFAULT_PORT)
    if value.isdecimal() and 0 < int(value) < 65536:
        return []
    return [f"PORT は 1〜65535 の数字にしてください（今は「{value}」）。"]


def _engine_problems(env: Mapping[str, str]) -> list[str]:
    value = env.get("BOT_ENGINE") or ENGINES[0]
    if value in ENGINES:
        return []
    return [f"BOT_ENGINE は {' か '.join(ENGINES)} です（今は「{value}」）。"]


def _secret_problems(env: Mapping[str, str]) -> list[str]:
    names = ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "BOT_SECRET_KEY"]
    if env.get("LINE_CHANNEL_SECRET_OLD"):
        names.append("LINE_CHANNEL_SECRET_OLD")
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
