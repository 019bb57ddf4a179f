"""The settings: who may change them, what is noted, and where they count."""

from datetime import timedelta

import pytest

from handlers.staff import settings_pages
from handlers.staff.desk import Desk
from knowledge.records import audit, settings, store
from knowledge.records.settings import LIMITS, Settings
from tests.handlers.staff.conftest import ClientAs

PAGE = "/staff/settings"


@pytest.fixture(autouse=True)
def _as_the_program_says(desk: Desk) -> None:
    with store.writing(desk.records) as connection:
        connection.execute(settings.setting_table.delete())


def now(desk: Desk) -> Settings:
    """The settings as they are."""
    with store.reading(desk.records) as connection:
        return settings.get(connection)


def test_every_setting_is_on_the_page_with_what_it_does(client_as: ClientAs) -> None:
    page = client_as("admin").get(PAGE).text

    assert settings_pages.TOLD.keys() == LIMITS.keys()
    assert all(one.label in page and one.help in page for one in settings_pages.TOLD.values())
    assert all(value in page for value in ("3人", "30日前", "1,000問", "97％", "求めない"))


def test_the_settings_are_the_admins(client_as: ClientAs) -> None:
    publisher = client_as("publisher")

    publisher.get(PAGE, status=403)
    publisher.post(f"{PAGE}/small_group", 403, value="5", reason="理由")


def test_a_change_is_noted_with_both_values_and_the_reason(desk: Desk, client_as: ClientAs) -> None:
    browser = client_as("admin")

    browser.post(f"{PAGE}/small_group", value="５", reason="情報公開の担当と決めた")

    assert now(desk).small_group == 5
    with store.reading(desk.records) as connection:
        (deed,) = audit.trail(connection, "small_group", 1)
    assert (deed.action, deed.reason) == ("change_setting", "情報公開の担当と決めた")
    assert deed.detail == {"before": 3, "after": 5}
    page = browser.get(f"{PAGE}/small_group").text
    assert "3人 → 5人" in page
    assert "情報公開の担当と決めた" in page


def test_yes_or_no_is_chosen(desk: Desk, client_as: ClientAs) -> None:
    client_as("admin").post(f"{PAGE}/code_needed", value="1", reason="市の決まり")

    assert now(desk).code_needed


@pytest.mark.parametrize("value", ["1", "21", "-3", "3.5", "", "たくさん", "9" * 5000, "²"])
def test_a_value_out_of_its_limits_is_sent_back_with_what_to_do(
    desk: Desk, client_as: ClientAs, value: str
) -> None:
    page = client_as("admin").post(f"{PAGE}/small_group", 422, value=value, reason="理由").text

    assert "2から20まで" in page
    assert now(desk) == Settings()


def test_without_a_reason_nothing_is_changed(desk: Desk, client_as: ClientAs) -> None:
    client_as("admin").post(f"{PAGE}/soon_days", 422, value="60", reason=" ")

    assert now(desk) == Settings()


def test_the_same_value_again_is_no_change(desk: Desk, client_as: ClientAs) -> None:
    browser = client_as("admin")

    browser.post(f"{PAGE}/soon_days", value="30", reason="念のため")

    with store.reading(desk.records) as connection:
        assert audit.trail(connection, "soon_days") == []
    assert "値は変わっていません" in browser.get(PAGE).text


def test_a_setting_that_is_none_is_not_found(client_as: ClientAs) -> None:
    client_as("admin").get(f"{PAGE}/colour", status=404)


def test_how_soon_is_soon_counts_in_the_list_of_entries(desk: Desk, client_as: ClientAs) -> None:
    first = min(stored.entry.review_by for stored in desk.kb.all_entries())
    days = (first - desk.today()) / timedelta(1)
    browser = client_as("admin")

    browser.post(f"{PAGE}/soon_days", value=str(int(min(365, days))), reason="試験")
    later = browser.get("/staff/entries?only=due").text
    browser.post(f"{PAGE}/soon_days", value="1", reason="試験")
    sooner = browser.get("/staff/entries?only=due").text

    assert "件が見つかりました" in later
    assert " 0 件が見つかりました" in sooner.replace('<h2 class="m-0">', " ")
