"""The first page says what waits for a hand, and leads there."""

from handlers.staff.desk import Desk
from handlers.staff.filters import NAVIGATION
from handlers.staff.home_page import PAGES
from knowledge.records.accounts import Person
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.writing import forget_drafts, opened, save

NOTHING = "いま、急いですることはありません。"


def test_every_page_of_the_navigation_is_explained() -> None:
    assert set(PAGES) == {endpoint for endpoint, _, _ in NAVIGATION}


def test_a_quiet_day_says_so(client_as: ClientAs) -> None:
    assert NOTHING in client_as("viewer").get("/staff/").text


def test_a_draft_waits_on_the_first_page(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")
    save(editor, opened(editor), title="スマホの教室")

    page = editor.get("/staff/").text
    forget_drafts(desk)

    assert '<a href="/staff/entries?only=draft">下書きがある</a>：1項目' in page
    assert NOTHING in editor.get("/staff/").text


def test_questions_wait_for_everybody_and_for_the_one_who_was_asked(
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    ask(desk, "灯籠流しの場所")
    ask(desk, "犬がいなくなりました")
    hers = {"key": key_of("灯籠流しの場所"), "person": people["editor"].person_id}
    client_as("publisher").post(page_of("灯籠流しの場所", "/assign"), **hers)

    everybody = client_as("viewer").get("/staff/").text
    editor = client_as("editor").get("/staff/").text

    assert '<a href="/staff/questions?state=open">まだ見ていない質問</a>：2組' in everybody
    assert "わたしの担当の質問" not in everybody
    assert '<a href="/staff/questions?state=mine">わたしの担当の質問</a>：1組' in editor
