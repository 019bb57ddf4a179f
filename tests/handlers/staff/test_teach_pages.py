"""Teaching an entry what people asked, and marking what the guide does not answer."""

from collections.abc import Iterator

import pytest

from handlers.staff import changes, waiting
from handlers.staff.changes import Wish
from handlers.staff.desk import Desk
from knowledge import releases
from knowledge.records import audit, jobs, questions, reviews, store
from knowledge.records.accounts import Person
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.proposals import REASON, reworded, settled, work_off

ODD = "アザラシの置物ば引き取ってほしか"
FAR = "飛行船の操縦を習いたい"


@pytest.fixture(autouse=True)
def log(desk: Desk) -> Iterator[None]:
    """Each test begins with an empty log and leaves no examples behind."""
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())
        connection.execute(reviews.review_table.delete())
        jobs.forget_old(connection, desk.clock() + jobs.KEPT_SECONDS + 1)
    yield
    with releases.editing(desk.kb, desk.records, "tests", desk.clock):
        desk.kb.remove_outside([example for _, example in desk.kb.own_outside()])


def state_of(desk: Desk, text: str) -> str:
    """What was decided about a wording."""
    with store.reading(desk.records) as connection:
        key = key_of(text)
        return waiting.reviewed(desk, connection, [key]).get(key, reviews.NEW).state


def teach(browser: StaffClient, text: str) -> str:
    """Propose a wording for an entry; gives the job's id."""
    fields = {"key": key_of(text), "text": text, "use-0": "1"}
    answer = browser.post(f"{page_of(text)}/teach/bulky-waste", **fields)
    return answer.location.rsplit("/", 1)[1]


def mark(browser: StaffClient, text: str) -> str:
    """Propose a wording as an example of what is not answered; gives the job's id."""
    fields = {"key": key_of(text), "text": text, "use-0": "1"}
    topic = {"topic": "new", "new_topic": "喫茶店"}
    return browser.post(f"{page_of(text)}/outside", **fields, **topic).location.rsplit("/", 1)[1]


def publish(desk: Desk, people: dict[str, Person], job_id: str) -> None:
    """Publish a change that worsens nothing."""
    changes.commit(desk, people["publisher"], settled(desk, job_id), Wish(REASON))


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
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    text = "調律の要るオルガンばもろてほしか"
    ask(desk, text)

    publish(desk, people, teach(client_as("editor"), text))

    assert state_of(desk, text) == "taught"


def test_what_an_abandoned_change_was_to_teach_is_in_the_queue_again(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, ODD)
    browser = client_as("editor")
    job = settled(desk, teach(browser, ODD))
    waits = state_of(desk, ODD)

    browser.post(f"/staff/changes/{job.job_id}/drop")

    page = browser.get(f"/staff/changes/{job.job_id}").text
    assert (waits, state_of(desk, ODD)) == ("teaching", "open")
    assert "この変更はやめました" in page
    assert ODD in browser.get("/staff/questions").text


def test_what_a_forgotten_change_was_to_teach_is_in_the_queue_again(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, ODD)
    teach(client_as("editor"), ODD)

    with store.writing(desk.records) as connection:
        jobs.forget_old(connection, desk.clock() + jobs.KEPT_SECONDS + 1)

    assert state_of(desk, ODD) == "open"


def test_what_cannot_be_published_any_more_is_in_the_queue_again(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, ODD)
    teach(client_as("editor"), ODD)
    other = reworded(desk, "bulky-waste", "ほかの人が先に公開した。")

    desk.kb.save(other.entry, "ほかの人", other.seen_revision)

    assert state_of(desk, ODD) == "open"


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
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    text = "スマホサロンという名の喫茶店"
    ask(desk, text)
    before, number = decision_on(desk, text), desk.kb.release.number

    job_id = mark(client_as("publisher"), text)
    waits = decision_on(desk, text), state_of(desk, text)
    publish(desk, people, job_id)

    assert waits == (before, "teaching") == ("answer", "teaching")
    assert decision_on(desk, text) == "none"
    assert desk.kb.release.number == number + 1
    assert state_of(desk, text) == "outside"


def test_before_an_example_is_published_the_page_shows_it_and_what_would_change(
    desk: Desk, client_as: ClientAs
) -> None:
    text = "スマホサロンという名の喫茶店"
    ask(desk, text)
    browser = client_as("publisher")
    job_id = mark(browser, text)

    work_off(desk, job_id)

    page = browser.get(f"/staff/changes/{job_id}").text
    assert "案内しない話題の例に加わる言い方" in page
    assert f"{text}</strong>" in page
    assert "確認用の質問で、答えが悪くなります" in page


def test_an_example_is_taken_back(
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    ask(desk, FAR)
    browser = client_as("publisher")
    publish(desk, people, mark(browser, FAR))
    listed = browser.get("/staff/questions/outside").text

    begun = browser.post("/staff/questions/outside/remove", text=FAR).location
    still_there = desk.kb.own_outside()
    publish(desk, people, begun.rsplit("/", 1)[1])

    assert FAR in listed
    assert still_there == (("喫茶店", FAR),)
    assert desk.kb.own_outside() == ()
    assert state_of(desk, FAR) == "open"


def test_without_a_topic_nothing_is_marked_and_nothing_typed_is_lost(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, FAR)
    fields = {"key": key_of(FAR), "text": f"{FAR}です", "use-0": "1", "new_topic": "空の話"}

    page = client_as("publisher").post(f"{page_of(FAR)}/outside", 422, **fields).text

    assert f"{FAR}です" in page
    assert "空の話" in page
    assert state_of(desk, FAR) == "open"


def test_an_editor_may_not_change_what_is_out_of_scope(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, FAR)

    client_as("editor").get(f"{page_of(FAR)}/outside", status=403)


def test_what_was_marked_is_in_the_trail(
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    ask(desk, FAR)

    publish(desk, people, mark(client_as("publisher"), FAR))

    with store.reading(desk.records) as connection:
        deeds = audit.trail(connection, key_of(FAR))
    assert [deed.action for deed in deeds[:2]] == ["mark_outside", "propose_outside"]
    assert deeds[0].reason == REASON
    assert FAR not in str(deeds)
