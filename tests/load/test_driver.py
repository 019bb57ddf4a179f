"""The load driver: sends real LINE events, and counts acks and refusals truthfully."""

import json
from typing import Any

from bot import webhook
from bot.simulator import events
from tests.load import processes
from tests.load.driver import Report, drive
from tests.load.letters import Plan
from tests.load.tinybot import HANG_UP, TinyBot, serving

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
QUICKLY = (0.01, 0.02)
PATIENT = {"timeout_seconds": 30, "grace_seconds": 60}


def a_plan(url: str, **changes: Any) -> Plan:
    """Twenty messages in a fifth of a second."""
    usual = {"texts": ["ごみ", "年金"], "rate": 100, "seconds": 0.2, **PATIENT}
    return Plan(url=url, secret=SECRET, **{**usual, **changes})


def run(bot: TinyBot, **changes: Any) -> Report:
    """Drive a plan against a bot."""
    with serving(bot):
        return drive(a_plan(bot.url, **changes))


def events_of(bot: TinyBot) -> list[dict[str, Any]]:
    """What the bot got."""
    return [json.loads(body)["events"][0] for body in bot.bodies]


def test_every_acked_message_is_counted_with_its_time() -> None:
    bot = TinyBot()

    report = run(bot)

    assert (report.sent, len(report.acked), report.unacked) == (20, 20, ())
    assert len(bot.bodies) == 20
    assert 0 < report.ack_p50_ms <= report.ack_p99_ms


def test_a_run_ends_when_it_is_enough() -> None:
    bot = TinyBot()

    with serving(bot):
        report = drive(a_plan(bot.url, seconds=60), is_enough=lambda: len(bot.bodies) >= 5)

    assert 5 <= report.sent < 6000
    assert len(report.acked) == report.sent == len(bot.bodies)


def test_what_is_sent_is_a_signed_text_event_as_line_sends_it() -> None:
    bot = TinyBot()

    run(bot, seconds=0.01, users=1)

    sent, real = events_of(bot)[0], events.text_event("ごみ")
    assert webhook.is_signed(bot.bodies[0], bot.signatures[0], [SECRET])
    assert json.loads(bot.bodies[0]).keys() == events.payload(real).keys()
    assert (sent.keys(), sent["message"].keys()) == (real.keys(), real["message"].keys())
    assert sent["message"]["text"] == "ごみ"


def test_users_and_texts_take_turns() -> None:
    bot = TinyBot()

    run(bot, users=5)

    assert len({event["source"]["userId"] for event in events_of(bot)}) == 5
    assert {event["message"]["text"] for event in events_of(bot)} == {"ごみ", "年金"}


def test_a_refused_connection_is_unacked_and_nothing_crashes() -> None:
    report = drive(a_plan(f"http://127.0.0.1:{processes.free_port()}/callback"))

    assert (report.sent, report.acked, len(report.unacked)) == (20, {}, 20)
    assert report.outcomes == {"refused": 20}


def test_a_500_and_a_hang_up_are_unacked() -> None:
    report = run(TinyBot(500, HANG_UP))

    assert (report.sent, len(report.acked), len(report.unacked)) == (20, 18, 2)
    assert report.outcomes == {"200": 18, "500": 1, "reset": 1}


def test_an_answer_after_the_limit_is_no_ack() -> None:
    report = run(TinyBot(delay=3), seconds=0.02, timeout_seconds=1)

    assert (len(report.unacked), report.outcomes) == (2, {"timeout": 2})


def test_an_unacked_event_is_redelivered_until_it_is_acked() -> None:
    bot = TinyBot(500, HANG_UP, 500)

    report = run(bot, seconds=0.01, redeliver_after=QUICKLY)

    first, *later = events_of(bot)
    assert [event["deliveryContext"]["isRedelivery"] for event in later] == [True] * 3
    assert {event["webhookEventId"] for event in later} == {first["webhookEventId"]}
    assert {event["replyToken"] for event in later} == {first["replyToken"]}
    assert webhook.is_signed(bot.bodies[-1], bot.signatures[-1], [SECRET])
    assert (len(report.acked), report.events[0].deliveries) == (1, 4)


def test_a_duplicate_is_the_same_event_counted_once() -> None:
    bot = TinyBot()

    report = run(bot, duplicate_every=2)

    ids = [event["webhookEventId"] for event in events_of(bot)]
    assert (report.sent, len(report.acked)) == (20, 20)
    assert (len(ids), len(set(ids))) == (30, 20)


def test_events_may_arrive_out_of_order() -> None:
    bot = TinyBot()

    run(bot, reorder_seconds=0.1)

    arrived = [event["timestamp"] for event in events_of(bot)]
    assert arrived != sorted(arrived)


def test_events_may_be_hours_old() -> None:
    bot = TinyBot()

    report = run(bot, age_seconds=3 * 60 * 60)

    newest = max(seen["timestamp"] for seen in events_of(bot)) / 1000
    assert report.events[0].at - newest > 2.9 * 60 * 60
