"""What a chat may choose from is kept for a day, replaced by the next offer."""

import pytest
from sqlalchemy import Engine

from knowledge.records import offers, store
from knowledge.records.offers import LIFETIME_SECONDS, Offer, Option
from tests.knowledge.records import on

NOW = 1_800_000_000.0
WASTE = Offer(
    "event-1",
    (Option("粗大ごみの申込み", "entry:bulky-waste"), Option("ごみの日", "entry:waste-days")),
)
LIBRARY = Offer("event-2", (Option("図書館", "entry:library"),))
NOTHING = Offer()


def test_a_chat_without_an_offer_may_choose_from_nothing(records: Engine) -> None:
    found = on(records, offers.recall, "chat-1", NOW)

    assert found == NOTHING


def test_an_offer_is_recalled_in_its_order(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)

    found = on(records, offers.recall, "chat-1", NOW + 1)

    assert found == WASTE


def test_the_next_offer_replaces_the_one_before(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)
    on(records, offers.remember, "chat-1", LIBRARY, NOW + 1)

    found = on(records, offers.recall, "chat-1", NOW + 2)

    assert found == LIBRARY


def test_chats_do_not_share_their_offers(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)
    on(records, offers.remember, "chat-2", LIBRARY, NOW)

    found = [on(records, offers.recall, chat, NOW) for chat in ("chat-1", "chat-2", "chat-3")]

    assert found == [WASTE, LIBRARY, NOTHING]


def test_an_offer_survives_a_restart(records_url: str) -> None:
    before = store.open_store(records_url)
    on(before, offers.remember, "chat-1", WASTE, NOW)
    before.dispose()

    after = store.open_store(records_url)
    found = on(after, offers.recall, "chat-1", NOW)
    after.dispose()

    assert found == WASTE


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(0, WASTE, id="at-once"),
        pytest.param(LIFETIME_SECONDS - 1, WASTE, id="just-before-a-day"),
        pytest.param(LIFETIME_SECONDS, NOTHING, id="after-a-day"),
        pytest.param(30 * LIFETIME_SECONDS, NOTHING, id="after-a-month"),
    ],
)
def test_an_offer_expires_after_a_day(
    records: Engine, seconds: float, expected: tuple[Option, ...]
) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)

    found = on(records, offers.recall, "chat-1", NOW + seconds)

    assert found == expected


def test_a_new_offer_lives_for_a_day_of_its_own(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)
    on(records, offers.remember, "chat-1", LIBRARY, NOW + LIFETIME_SECONDS - 1)

    found = on(records, offers.recall, "chat-1", NOW + LIFETIME_SECONDS + 1)

    assert found == LIBRARY


def test_a_forgotten_chat_may_choose_from_nothing_and_others_stay(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)
    on(records, offers.remember, "chat-2", LIBRARY, NOW)

    on(records, offers.forget, ["chat-1"])

    assert on(records, offers.recall, "chat-1", NOW) == NOTHING
    assert on(records, offers.recall, "chat-2", NOW) == LIBRARY


def test_forgetting_an_unknown_chat_is_harmless(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)

    on(records, offers.forget, ["chat-2"])

    assert on(records, offers.recall, "chat-1", NOW) == WASTE


def test_a_purge_erases_what_has_expired_and_tells_how_many(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)
    on(records, offers.remember, "chat-2", WASTE, NOW + 1)
    on(records, offers.remember, "chat-3", LIBRARY, NOW + 2)

    purged = offers.purge(records, NOW + LIFETIME_SECONDS + 1)

    assert purged == 2
    assert on(records, offers.recall, "chat-3", NOW + 2) == LIBRARY
    assert offers.purge(records, NOW + LIFETIME_SECONDS + 1) == 0


@pytest.mark.parametrize(
    "label", ["", "𠮷", "👨\u200d👩\u200d👧", '"],[', "'; DROP TABLE offer; --"]
)
def test_any_words_may_be_offered(records: Engine, label: str) -> None:
    offer = Offer("event-1", (Option(label, label),))

    on(records, offers.remember, "chat-1", offer, NOW)

    assert on(records, offers.recall, "chat-1", NOW) == offer


def test_an_offer_of_nothing_is_nothing(records: Engine) -> None:
    on(records, offers.remember, "chat-1", WASTE, NOW)

    on(records, offers.remember, "chat-1", NOTHING, NOW)

    assert on(records, offers.recall, "chat-1", NOW) == NOTHING
