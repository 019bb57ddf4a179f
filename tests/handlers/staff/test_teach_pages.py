"""Teaching an entry what people asked, and marking what the guide does not answer."""

from collections.abc import Iterator

import pytest

from handlers.staff import changes
from handlers.staff.desk import Desk
from knowledge import releases
from knowledge.records import audit, questions, reviews, store
from knowledge.records.reviews import Hand
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.conftest import ClientAs

ODD = "アザラシの置物ば引き取ってほしか"
FAR = "飛行船の操縦を習いたい"


@pytest.fixture(autouse=True)
def log(desk: Desk) -> Iterator[None]:
    """Each test begins with an empty log and leaves no examples behind."""
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())
        connection.execute(reviews.review_table.delete())
    yield
    with releases.editing(desk.kb, desk.records, "tests", desk.clock):
        desk.kb.remove_outside([example for _, example in desk.kb.own_outside()])


def state_of(desk: Desk, text: str) -> str:
    """What was decided about a wording."""
    with store.reading(desk.records) as connection:
        return reviews.everything(connection).get(key_of(text), reviews.NEW).state


def decision_on(desk: Desk, text: str) -> str:
    """What a citizen gets now."""
    return desk.kb.find(text, desk.today()).kind


def test_the_entries_the_search_would_choose_are_suggested(desk: Desk, client_as: ClientAs) -> None:
    text = "ソファの処分 予約がつながらん"
    ask(desk, text)

    page = client_as("editor").get(f"{page_of(text)}/teach").text

    assert "/teach/bulky-waste" in page


def test_any_other_entry_is_found_by_its_words(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, ODD)

    page = client_as("editor").get(f"{page_of(ODD)}/teach?find=図書館").text

    assert "探した項目" in page
    assert "/teach/library" in page


def test_teaching_proposes_the_entry_with_the_new_wording_and_publishes_nothing(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, ODD)
    before = desk.kb.stored("bulky-waste")
    fields = {"key": key_of(ODD), "text": "アザラシの置物を捨てたい", "use-0": "1"}

    answer = client_as("editor").post(f"{page_of(ODD)}/teach/bulky-waste", **fields)

    job = changes.find(desk, answer.headers["Location"].rsplit("/", 1)[1])
    assert job is not None
    with store.reading(desk.records) as connection:
        whole = changes.jobs.get(connection, job.job_id)
    (proposed,) = changes.proposed_in(whole)
    assert proposed.entry.phrasings[-1] == "アザラシの置物を捨てたい"
    assert desk.kb.stored("bulky-waste") == before
    assert state_of(desk, ODD) == "teaching"


def test_what_was_being_taught_is_taught_once_it_is_published(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, ODD)
    fields = {"key": key_of(ODD), "text": ODD, "use-0": "1"}
    client_as("editor").post(f"{page_of(ODD)}/teach/bulky-waste", **fields)

    with store.writing(desk.records) as connection:
        count = reviews.mark_taught(connection, "bulky-waste", Hand("公開した人", 1.0))

    assert (count, state_of(desk, ODD)) == (1, "taught")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("〔電話番号〕に電話したい", "伏せた個人情報"),
        ("090-0000-0000に電話したい", "電話番号や名前"),
        ("粗大ゴミ申し込み", "もうあります"),
        ("  ", "言葉を書いてください"),
        ("あ" * 101, "100文字まで"),
    ],
)
def test_a_wording_that_must_not_be_added_is_refused_beside_its_line(
    desk: Desk, client_as: ClientAs, text: str, fault: str
) -> None:
    ask(desk, ODD)
    fields = {"key": key_of(ODD), "text": text, "use-0": "1"}

    page = client_as("editor").post(f"{page_of(ODD)}/teach/bulky-waste", 422, **fields).text

    assert fault in page
    assert state_of(desk, ODD) == "open"


def test_a_masked_question_is_not_chosen_by_itself(desk: Desk, client_as: ClientAs) -> None:
    text = "〔名前〕のアザラシの置物"
    ask(desk, text)

    page = client_as("editor").get(f"{page_of(text)}/teach/bulky-waste").text

    assert 'name="use-0" value="1">' in page


def test_nothing_chosen_teaches_nothing(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, ODD)
    fields = {"key": key_of(ODD), "text": ODD}

    page = client_as("editor").post(f"{page_of(ODD)}/teach/bulky-waste", 422, **fields).text

    assert "一つ以上選んで" in page


def test_an_example_out_of_scope_is_published_and_competes_in_the_search(
    desk: Desk, client_as: ClientAs
) -> None:
    text = "スマホサロンという名の喫茶店"
    ask(desk, text)
    before, number = decision_on(desk, text), desk.kb.release.number
    fields = {
        "key": key_of(text),
        "text": text,
        "use-0": "1",
        "topic": "new",
        "new_topic": "喫茶店",
    }

    client_as("publisher").post(f"{page_of(text)}/outside", **fields)

    assert (before, decision_on(desk, text)) == ("answer", "none")
    assert desk.kb.release.number == number + 1
    assert state_of(desk, text) == "outside"


def test_an_example_is_taken_back(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, FAR)
    browser = client_as("publisher")
    fields = {"key": key_of(FAR), "text": FAR, "use-0": "1", "topic": "雑談・遊び"}
    browser.post(f"{page_of(FAR)}/outside", **fields)
    listed = browser.get("/staff/questions/outside").text

    browser.post("/staff/questions/outside/remove", text=FAR)

    assert FAR in listed
    assert desk.kb.own_outside() == ()
    assert state_of(desk, FAR) == "open"


def test_without_a_topic_nothing_is_marked_and_nothing_typed_is_lost(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, FAR)
    fields = {"key": key_of(FAR), "text": f"{FAR}です", "use-0": "1", "reason": "市は行わない"}

    page = client_as("publisher").post(f"{page_of(FAR)}/outside", 422, **fields).text

    assert f"{FAR}です" in page
    assert "市は行わない" in page
    assert state_of(desk, FAR) == "open"


def test_an_editor_may_not_change_what_is_out_of_scope(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, FAR)

    client_as("editor").get(f"{page_of(FAR)}/outside", status=403)


def test_what_was_taught_or_marked_is_in_the_trail(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, FAR)
    fields = {"key": key_of(FAR), "text": FAR, "use-0": "1", "topic": "雑談・遊び"}

    client_as("publisher").post(f"{page_of(FAR)}/outside", **fields, reason="市は行わない")

    with store.reading(desk.records) as connection:
        deed = audit.trail(connection, key_of(FAR))[0]
    assert (deed.action, deed.reason) == ("mark_outside", "市は行わない")
    assert FAR not in str(deed)
