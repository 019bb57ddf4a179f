"""Why a question is in the queue, and what is told apart: unsure answers, other towns, my own."""

import re

import pytest

from handlers.staff import changes, people_pages, question_queue
from handlers.staff.changes import Outcome, Wish
from handlers.staff.desk import Desk
from knowledge import releases
from knowledge.records import questions, reviews, settings, store
from knowledge.records.accounts import Person
from knowledge.records.reviews import Hand, State
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.codes import colleague
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.proposals import settled

LANTERNS = "灯籠流しの場所"
QUEUE = "/staff/questions"
DAYS = re.compile(r'type="date"[^>]* value="[^"]+"')


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """Each test begins with an empty log and the settings of the program."""
    with store.writing(desk.records) as connection:
        for table in (questions.question_table, reviews.review_table, settings.setting_table):
            connection.execute(table.delete())


def test_a_group_tells_how_its_questions_went(desk: Desk, client_as: ClientAs) -> None:
    shown = [("moving", 1.0)]
    ask(desk, LANTERNS)
    ask(desk, LANTERNS)
    ask(desk, LANTERNS, decision="answer", shown=shown, chance=0.93)
    ask(desk, LANTERNS, decision="answer", shown=shown, step="unsolved:moving")

    browser = client_as("viewer")

    told = ("見つからなかった 2回", "自信のない答え 1回", "「いいえ」と言われた 1回")
    assert all(words in browser.get(QUEUE).text for words in told)
    assert all(words in browser.get(page_of(LANTERNS)).text for words in told)


def test_another_town_s_matter_waits_for_nobody_and_has_its_own_filter(
    desk: Desk, client_as: ClientAs
) -> None:
    event_id = ask(desk, "佐世保市のごみの日", reason="other_place")
    browser = client_as("viewer")

    assert "佐世保市のごみの日" not in browser.get(QUEUE).text
    assert "佐世保市のごみの日" not in browser.get(f"{QUEUE}?look=all&decision=none").text
    assert "佐世保市のごみの日" in browser.get(f"{QUEUE}?decision=other_place").text
    page = browser.get(f"{QUEUE}/asked/{event_id}").text
    assert "見つからなかった（ほかの市や町のこと）" in page


def test_the_page_of_a_question_tells_how_sure_the_bot_was(desk: Desk, client_as: ClientAs) -> None:
    event_id = ask(desk, LANTERNS, decision="answer", shown=[("moving", 1.0)], chance=0.968)

    page = client_as("viewer").get(f"{QUEUE}/asked/{event_id}").text

    assert "正しい見込み 96％" in page


def test_the_page_of_a_question_tells_what_was_decided_about_it(
    desk: Desk, client_as: ClientAs
) -> None:
    event_id = ask(desk, LANTERNS)
    browser, url = client_as("viewer"), f"{QUEUE}/asked/{event_id}"
    before = browser.get(url).text

    with store.writing(desk.records) as connection:
        reviews.put(connection, [key_of(LANTERNS)], "parked", Hand("試験", 0.0))

    assert "あとまわし" not in before
    assert "あとまわし" in browser.get(url).text


def test_what_counts_as_unsure_is_set_by_the_city(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, LANTERNS, decision="answer", shown=[("moving", 1.0)], chance=0.968)
    with store.writing(desk.records) as connection:
        settings.put(connection, "unsure_below", 95, Hand("試験", 0.0))

    page = client_as("viewer").get(QUEUE).text

    assert LANTERNS not in page


@pytest.mark.parametrize(
    ("state", "groups"),
    [("open", 1), ("parked", 1), ("teaching", 1), ("taught", 0), ("outside", 0)],
)
def test_what_is_mine_stays_mine_until_it_is_done_with(
    desk: Desk, client_as: ClientAs, people: dict[str, Person], state: State, groups: int
) -> None:
    ask(desk, LANTERNS)
    hand, keys = Hand("試験", 0.0), [key_of(LANTERNS)]
    with store.writing(desk.records) as connection:
        reviews.assign(connection, keys, people["editor"].person_id, hand)
        reviews.put(connection, keys, state, hand)

    page = client_as("editor").get(f"{QUEUE}?state=mine").text

    assert f"<strong>{groups}組</strong>" in page


@pytest.mark.parametrize(
    "days", ["until=0001-01-01", "since=0001-01-01", "since=9999-12-31&until=9999-12-31"]
)
def test_days_of_no_use_are_taken_for_not_said(client_as: ClientAs, days: str) -> None:
    usual = client_as("viewer").get(QUEUE).text

    page = client_as("viewer").get(f"{QUEUE}?{days}").text

    assert DAYS.findall(page) == DAYS.findall(usual) != []


def test_how_an_answer_was_found_is_told_in_words(desk: Desk, client_as: ClientAs) -> None:
    plain = ask(desk, LANTERNS, engine="lexical")
    deep = ask(desk, LANTERNS, engine="lexical+use")
    browser = client_as("viewer")

    assert "言葉と読みで探した" in browser.get(f"{QUEUE}/asked/{plain}").text
    assert "文の意味も使って探した" in browser.get(f"{QUEUE}/asked/{deep}").text


def test_people_who_cannot_be_told_apart_count_as_one_and_not_beside_others(
    desk: Desk, client_as: ClientAs
) -> None:
    for person in ("a", "b"):
        ask(desk, LANTERNS, person=person)
    ask(desk, LANTERNS, chat_key="")
    ask(desk, "花火大会の場所", chat_key="")

    queue = question_queue.load(desk, question_queue.from_args({}, desk.today()), "")

    found = {group.key: (group.people, group.times) for group in queue.groups}
    assert found == {key_of(LANTERNS): (2, 3), key_of("花火大会の場所"): (1, 1)}


def test_nobody_who_was_stopped_is_asked_to_care_for_a_question(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, LANTERNS)
    gone, here = colleague(desk, "gone", "editor"), colleague(desk, "here", "editor")
    people_pages.stop(desk, gone, gone, "異動")
    browser, url = client_as("editor"), page_of(LANTERNS, "/assign")

    browser.post(url, 400, key=key_of(LANTERNS), person=gone.person_id)
    nobody = browser.get(page_of(LANTERNS)).text
    browser.post(url, key=key_of(LANTERNS), person=here.person_id)

    with store.reading(desk.records) as connection:
        review = reviews.of(connection, [key_of(LANTERNS)])[key_of(LANTERNS)]
    assert gone.person_id not in nobody
    assert review.assignee == here.person_id


def test_a_question_waits_again_once_its_example_is_taken_out(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    ask(desk, LANTERNS)
    with releases.editing(desk.kb, desk.records, "試験", desk.clock):
        desk.kb.add_outside("祭り", [LANTERNS])
    with store.writing(desk.records) as connection:
        reviews.put(connection, [key_of(LANTERNS)], "outside", Hand("試験", 0.0))
    browser = client_as("publisher")
    before = browser.get(QUEUE).text

    begun = browser.post(f"{QUEUE}/outside/remove", text=LANTERNS).location
    job = settled(desk, begun.rsplit("/", 1)[1])
    outcome = changes.commit(desk, people["publisher"], job, Wish("祭りの案内を始めるため"))

    assert outcome is Outcome.PUBLISHED
    assert LANTERNS not in before
    assert LANTERNS in browser.get(QUEUE).text
