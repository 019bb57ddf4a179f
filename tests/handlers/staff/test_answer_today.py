"""What was asked is shown with what would be answered today, so that nobody teaches twice."""

from dataclasses import replace

from handlers.staff.desk import Desk
from tests.handlers.staff.asking import ask, page_of
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.filled import fields

ASKED = "粗大ごみの出し方"


def test_what_the_bot_would_say_today_stands_beside_what_it_said(
    desk: Desk, client_as: ClientAs
) -> None:
    event_id, browser = ask(desk, ASKED), client_as("viewer")
    pages = (page_of(ASKED), f"/staff/questions/asked/{event_id}")

    before = [browser.get(page).text for page in pages]
    stored = desk.kb.stored("bulky-waste")
    assert stored is not None
    desk.kb.save(replace(stored.entry, title="大きなごみ"), "同僚", stored.revision)

    assert all(f"答える「{stored.entry.title}" in page for page in before)
    assert all("答える「大きなごみ」" in browser.get(page).text for page in pages)


def test_why_it_would_be_said_is_one_button_away(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, ASKED)
    browser = client_as("viewer")

    button = fields(browser.get(page_of(ASKED)).text, "/staff/try")
    page = browser.post("/staff/try", 200, **button).text

    assert "結果：答える" in page


def test_of_an_erased_text_nothing_is_said(desk: Desk, client_as: ClientAs) -> None:
    event_id = ask(desk, "")

    page = client_as("viewer").get(f"/staff/questions/asked/{event_id}").text

    assert "今、こう尋ねると" not in page
