"""The environment is read once, everything wrong is told at once, and no secret shows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import HIGHEST, LINE_API, Config, ConfigError, require_production
from tests.builders import a_config

SECRET = "b7f1d0c2a9e84536"
PRODUCTION = {
    "LINE_CHANNEL_SECRET": SECRET,
    "LINE_CHANNEL_ACCESS_TOKEN": "token-of-the-channel/+=abc",
    "BOT_SECRET_KEY": "key-that-hides-the-users",
}


def problems_of(environ: dict[str, str]) -> list[str]:
    """What the configuration complains about."""
    with pytest.raises(ConfigError) as caught:
        Config.from_env(environ)
    return caught.value.problems


def names_in(problems: list[str]) -> set[str]:
    return {problem.split()[0] for problem in problems}


def test_an_empty_environment_is_local_mode_with_a_line_of_its_own() -> None:
    config = Config.from_env({})

    assert config.is_local
    assert config.port == 8000
    assert config.line_api_base == "http://127.0.0.1:8000/simulator/line"
    assert config.database == Path("instance/kb.db")
    assert config.records_url == "sqlite:///instance/records.db"


def test_local_secrets_are_made_up_anew_each_time() -> None:
    one, two = Config.from_env({}), Config.from_env({})

    assert one.line_channel_secrets != two.line_channel_secrets
    assert one.line_channel_access_token != two.line_channel_access_token
    assert one.secret_key != two.secret_key


def test_a_connected_channel_is_production() -> None:
    config = Config.from_env(PRODUCTION)

    assert not config.is_local
    assert config.line_channel_secrets == (SECRET,)
    assert config.line_api_base == LINE_API


@pytest.mark.parametrize("name", ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"])
def test_one_line_value_alone_is_no_local_mode_and_all_that_misses_is_listed(name: str) -> None:
    problems = problems_of({name: PRODUCTION[name]})

    assert names_in(problems) == PRODUCTION.keys() - {name}


def test_blank_line_values_count_as_absent() -> None:
    config = Config.from_env({"LINE_CHANNEL_SECRET": "  ", "LINE_CHANNEL_ACCESS_TOKEN": ""})

    assert config.is_local


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize(
    "value",
    ["changeme", "change-me", "SECRET", "example", "dev", "password", "short", "x" * 32, "0" * 16],
)
def test_a_short_or_example_secret_is_refused(name: str, value: str) -> None:
    problems = problems_of({**PRODUCTION, name: value})

    assert names_in(problems) == {name}


def test_everything_wrong_is_told_at_once() -> None:
    problems = problems_of(
        {
            "LINE_CHANNEL_SECRET": "changeme",
            "LINE_CHANNEL_SECRET_OLD": "short",
            "PORT": "eighty",
            "BOT_ENGINE": "guess",
        }
    )

    assert names_in(problems) == {*PRODUCTION, "LINE_CHANNEL_SECRET_OLD", "PORT", "BOT_ENGINE"}


def test_a_message_about_a_secret_does_not_show_it() -> None:
    problems = problems_of({**PRODUCTION, "BOT_SECRET_KEY": "tooshort123"})

    assert "tooshort123" not in "\n".join(problems)


@pytest.mark.parametrize(
    "value",
    ["0", "-1", "65536", "eighty", "80.5", "8000 9000", "²", "99999999"],
    ids=lambda v: v[:9],
)
def test_a_port_that_is_none_is_refused(value: str) -> None:
    problems = problems_of({"PORT": value})

    assert names_in(problems) == {"PORT"}


@pytest.mark.parametrize("name", HIGHEST)
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "９９９９９９", "99999999"])
def test_a_number_that_is_none_or_beyond_reason_is_refused(name: str, value: str) -> None:
    assert names_in(problems_of({name: value})) == {name}


def test_the_limits_can_be_set() -> None:
    config = Config.from_env({"BOT_RATE_LIMIT": "5", "BOT_RETENTION_DAYS": "30"})

    assert (config.rate_limit, config.retention_days) == (5, 30)


def test_without_numbers_there_are_twenty_messages_a_minute_and_ninety_days() -> None:
    config = Config.from_env({"BOT_RATE_LIMIT": "", "BOT_RETENTION_DAYS": " "})

    assert (config.rate_limit, config.retention_days) == (20, 90)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////data/queue.db",
        "postgresql://bot:pw@db/bot",
        "redis://db:6379/0",
        "rediss://:pw@db:6379/0",
        "memory://",
    ],
)
def test_the_queue_may_live_in_any_of_its_engines(url: str) -> None:
    assert Config.from_env({"BOT_QUEUE_URL": url}).queue_url == url


def test_the_queue_is_a_file_unless_told_otherwise() -> None:
    assert Config.from_env({}).queue_url == "sqlite:///instance/queue.db"


@pytest.mark.parametrize("url", ["queue.db", "mysql://bot:pw-canary@db/bot", "file:///pw-canary"])
def test_an_unknown_queue_is_refused_without_telling_its_address(url: str) -> None:
    problems = problems_of({"BOT_QUEUE_URL": url})

    assert names_in(problems) == {"BOT_QUEUE_URL"}
    assert "pw-canary" not in "".join(problems)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINE_CHANNEL_SECRET_OLD", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        ("BOT_METRICS_TOKEN", "token-of-the-monitor"),
        ("BOT_RECORDS_URL", "postgresql://bot:pw@db/bot"),
        ("BOT_QUEUE_URL", "redis://:pw@db:6379/0"),
        *PRODUCTION.items(),
    ],
)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str, value: str) -> None:
    (tmp_path / "secret").write_text(f"{value}\n", encoding="utf-8")
    others = {other: given for other, given in PRODUCTION.items() if other != name}

    by_file = Config.from_env({**others, f"{name}_FILE": str(tmp_path / "secret")})

    assert by_file == Config.from_env({**others, name: value})


def test_what_is_given_itself_goes_before_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key-that-stands-in-a-file", encoding="utf-8")

    config = Config.from_env({**PRODUCTION, "BOT_SECRET_KEY_FILE": str(tmp_path / "secret")})

    assert config.secret_key == PRODUCTION["BOT_SECRET_KEY"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfd"], ids=["missing", "no text"])
def test_a_file_that_cannot_be_read_is_told_by_its_variable(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content) if content else path.unlink(missing_ok=True)
    without = {name: value for name, value in PRODUCTION.items() if name != "BOT_SECRET_KEY"}

    problems = problems_of({**without, "BOT_SECRET_KEY_FILE": str(path)})

    assert "BOT_SECRET_KEY_FILE" in names_in(problems)
    assert str(path) not in "".join(problems)


@pytest.mark.parametrize("content", ["", "\n", "changeme\n", "short\n"])
def test_a_secret_in_a_file_is_held_to_the_same_rules(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content, encoding="utf-8")
    without = {name: value for name, value in PRODUCTION.items() if name != "BOT_SECRET_KEY"}

    problems = problems_of({**without, "BOT_SECRET_KEY_FILE": str(tmp_path / "secret")})

    assert names_in(problems) == {"BOT_SECRET_KEY"}


def test_a_token_for_the_monitor_must_be_hard_to_guess_in_production() -> None:
    problems = problems_of({**PRODUCTION, "BOT_METRICS_TOKEN": "short"})

    assert names_in(problems) == {"BOT_METRICS_TOKEN"}


def test_an_unknown_engine_is_refused() -> None:
    assert names_in(problems_of({"BOT_ENGINE": "guess"})) == {"BOT_ENGINE"}


def test_the_port_moves_the_local_line_too() -> None:
    config = Config.from_env({"PORT": "8123"})

    assert config.port == 8123
    assert config.line_api_base == "http://127.0.0.1:8123/simulator/line"


def test_the_old_secret_is_accepted_beside_the_new_one() -> None:
    old = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

    config = Config.from_env({**PRODUCTION, "LINE_CHANNEL_SECRET_OLD": old})

    assert config.line_channel_secrets == (SECRET, old)


def test_every_path_and_address_can_be_set() -> None:
    config = Config.from_env(
        {
            **PRODUCTION,
            "LINE_API_BASE": "https://line.example",
            "BOT_BASE_URL": "https://bot.example",
            "BOT_DATABASE": "/data/kb.db",
            "BOT_RECORDS_URL": "postgresql://bot:pw@db/bot",
        }
    )

    assert (config.line_api_base, config.base_url) == (
        "https://line.example",
        "https://bot.example",
    )
    assert (config.database, config.records_url) == (
        Path("/data/kb.db"),
        "postgresql://bot:pw@db/bot",
    )


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_no_secret_shows_when_the_configuration_is_printed(show: Callable[[Config], str]) -> None:
    secrets = {
        "BOT_RECORDS_URL": "postgresql://bot:the-pw@db/bot",
        "BOT_QUEUE_URL": "redis://:the-pw@db/0",
        "BOT_METRICS_TOKEN": "the-pw-of-the-monitor",
    }
    config = Config.from_env({**PRODUCTION, **secrets})

    shown = show(config)

    assert [value for value in [*PRODUCTION.values(), "the-pw"] if value in shown] == []


def test_serving_citizens_needs_a_connected_channel(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        require_production(a_config(tmp_path, is_local=True))

    assert {"LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"} <= names_in(caught.value.problems)


def test_a_connected_channel_may_serve_citizens(tmp_path: Path) -> None:
    require_production(a_config(tmp_path, is_local=False))
