"""The queue of questions, a group, a question: what is seen, by whom, and what never is."""

import re

import pytest

from handlers.staff.desk import Desk
from knowledge.records import audit, questions, reviews, store
from knowledge.records.accounts import Person
from tests.handlers.staff.asking import HOUR, ask, key_of, page_of
from tests.handlers.staff.conftest import ClientAs, StaffClient

DAY = 24 * HOUR
SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*7}}'
TURNED = "ねこの\u202e登録\u0007はどこ"
FORMULA = "=cmd|' /C calc'!A0 とは"
HOSTILE = [SCRIPT, TURNED, FORMULA, "あ" * 5000]


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """Each test begins with an empty log."""
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())
        connection.execute(reviews.review_table.delete())
        connection.execute(reviews.review_note_table.delete())


def rows(page: str) -> list[str]:
    """The rows of the page's tables as text."""
    found = re.findall(r"<tr>\s*<t[hd][ >].*?</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def act(browser: StaffClient, text: str, name: str, **fields: object) -> None:
    """Press a button of the page of a group."""
    browser.post(f"{page_of(text)}/{name}", key=key_of(text), **fields)


def test_what_many_people_asked_stands_first_and_is_put_together(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, "ドローンを飛ばしたい", person="a")
    ask(desk, "灯籠流しの場所", person="a", asked_at=desk.clock() - DAY)
    ask(desk, "灯籠流しの場所は？", person="b")

    page = client_as("viewer").get("/staff/questions").text

    assert [row.split(" ")[0] for row in rows(page)[1:]] == [
        "灯籠流しの場所は？",
        "ドローンを飛ばしたい",
    ]
    assert "2人" in rows(page)[1]


def test_one_person_who_asks_thrice_is_one_person(desk: Desk, client_as: ClientAs) -> None:
    for _ in range(3):
        ask(desk, "灯籠流しの場所", person="a")

    page = client_as("viewer").get("/staff/questions").text

    assert "1人" in rows(page)[1]


def test_the_trend_says_this_week_beside_the_week_before(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, "灯籠流しの場所", asked_at=desk.clock() - 8 * DAY)
    ask(desk, "灯籠流しの場所")
    ask(desk, "灯籠流しの場所")

    page = client_as("viewer").get("/staff/questions").text

    assert "増えています（前の週 1 → この週 2）" in page


def test_what_was_asked_long_ago_is_not_new_when_it_comes_again(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, "灯籠流しの場所", asked_at=desk.clock() - 20 * DAY)
    ask(desk, "灯籠流しの場所")
    ask(desk, "犬がいなくなりました")

    page = client_as("viewer").get("/staff/questions").text

    assert "また増えています（前の週 0 → この週 1）" in page
    assert "新しく出ています（前の週 0 → この週 1）" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "none"},
        {"decision": "choose", "shown": [("moving", 0.9)]},
        {"decision": "choose", "shown": [("moving", 0.9)], "step": "none_of_these"},
        {"decision": "answer", "shown": [("moving", 1.0)], "step": "unsolved:moving"},
        {"decision": "answer", "shown": [("moving", 1.0)], "chance": 0.93},
    ],
)
def test_what_needs_a_look_is_in_the_queue(
    desk: Desk, client_as: ClientAs, changes: dict[str, object]
) -> None:
    ask(desk, "引っ越しのこと", **changes)

    page = client_as("viewer").get("/staff/questions").text

    assert "引っ越しのこと" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "choose", "shown": [("moving", 0.9)], "step": "entry:moving"},
        {"decision": "answer", "shown": [("moving", 1.0)], "chance": 0.99},
        {"reason": "other_place"},
        {"reason": "outside"},
        {"reason": "no_question"},
        {"decision": "answer", "shown": [("moving", 1.0)], "step": "solved:moving"},
        {"decision": "smalltalk"},
    ],
)
def test_what_went_well_is_seen_only_among_all_questions(
    desk: Desk, client_as: ClientAs, changes: dict[str, object]
) -> None:
    ask(desk, "引っ越しのこと", **changes)
    browser = client_as("viewer")

    queue, everything = (
        browser.get(f"/staff/questions{query}").text for query in ("", "?look=all")
    )

    assert "引っ越しのこと" not in queue
    assert "引っ越しのこと" in everything


@pytest.mark.parametrize(
    "query",
    [
        "?words=灯籠",
        "?words=灯籠 場所",
        "?decision=choose",
        "?category=ごみ・くらし",
        "?engine=words",
        "?language=ja",
        "?state=all&order=newest",
        "?since=nonsense&until=&page=99",
    ],
)
def test_a_filter_keeps_what_fits(desk: Desk, client_as: ClientAs, query: str) -> None:
    ask(desk, "灯籠流しの場所", decision="choose", shown=[("bulky-waste", 0.9)])

    page = client_as("viewer").get(f"/staff/questions{query}").text

    assert "灯籠流し" in str(rows(page))


@pytest.mark.parametrize(
    "query",
    [
        "?words=ドローン",
        "?words=%25",
        "?words=灯場",
        "?decision=none",
        "?category=事業者",
        "?engine=meaning",
        "?language=en",
        "?state=parked",
        "?state=mine",
        "?until=2020-01-01",
    ],
)
def test_a_filter_leaves_out_what_does_not_fit(desk: Desk, client_as: ClientAs, query: str) -> None:
    ask(desk, "灯籠流しの場所", decision="choose", shown=[("bulky-waste", 0.9)])

    page = client_as("viewer").get(f"/staff/questions{query}").text

    assert "灯籠流し" not in str(rows(page))


def test_a_parked_group_leaves_the_queue_and_comes_back_when_reopened(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, "灯籠流しの場所")
    browser = client_as("editor")

    act(browser, "灯籠流しの場所", "park")
    while_parked = browser.get("/staff/questions").text
    act(browser, "灯籠流しの場所", "reopen")
    afterwards = browser.get("/staff/questions").text

    assert "灯籠流し" not in while_parked
    assert "灯籠流し" in afterwards


def test_a_colleague_finds_what_was_assigned_to_them(
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    ask(desk, "灯籠流しの場所")

    act(client_as("publisher"), "灯籠流しの場所", "assign", person=people["editor"].person_id)

    assert "灯籠流し" in client_as("editor").get("/staff/questions?state=mine").text
    assert "灯籠流し" not in client_as("viewer").get("/staff/questions?state=mine").text


def test_a_comment_stands_on_the_page_of_the_group(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, "灯籠流しの場所")
    browser = client_as("editor")

    act(browser, "灯籠流しの場所", "comment", comment=f"課に聞いています {SCRIPT}")

    page = browser.get(page_of("灯籠流しの場所")).text
    assert "課に聞いています &lt;script&gt;" in page


def test_every_act_is_in_the_trail_without_the_citizens_words(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, "灯籠流しの場所")
    browser = client_as("editor")

    act(browser, "灯籠流しの場所", "park")
    act(browser, "灯籠流しの場所", "comment", comment="灯籠流しは別の団体です")

    with store.reading(desk.records) as connection:
        trail = audit.trail(connection, key_of("灯籠流しの場所"))
    assert [deed.action for deed in trail[:2]] == ["comment_questions", "park_questions"]
    assert "灯籠" not in str(trail)


def test_a_viewer_can_look_but_not_act(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, "灯籠流しの場所")
    browser = client_as("viewer")

    page = browser.get(page_of("灯籠流しの場所")).text

    browser.post(f"{page_of('灯籠流しの場所')}/park", status=403, key=key_of("灯籠流しの場所"))
    assert "あとまわしにする" not in page


def test_the_page_of_a_question_shows_what_is_stored_and_nobody(
    desk: Desk, client_as: ClientAs
) -> None:
    shown = [("bulky-waste", 0.93)]
    event_id = ask(
        desk,
        "灯籠流しの場所",
        person="hanako",
        decision="choose",
        shown=shown,
        step="none_of_these",
    )

    page = client_as("viewer").get(f"/staff/questions/asked/{event_id}").text

    assert all(word in page for word in ("灯籠流し", "候補を示した", "近さ 93", "どれでもない"))
    assert not any(word in page for word in ("key-of-hanako", "line-message"))


def test_no_page_of_a_group_tells_people_apart(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, "灯籠流しの場所", person="hanako")

    page = client_as("admin").get(page_of("灯籠流しの場所")).text

    assert "key-of-hanako" not in page


def test_a_question_whose_text_was_erased_is_in_no_list(desk: Desk, client_as: ClientAs) -> None:
    event_id = ask(desk, "")

    browser = client_as("viewer")

    assert "0組" in browser.get("/staff/questions").text
    assert "消してあります" in browser.get(f"/staff/questions/asked/{event_id}").text


def test_a_group_that_is_gone_is_not_found(client_as: ClientAs) -> None:
    client_as("viewer").get(page_of("だれも尋ねていないこと"), status=404)


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "turned", "formula", "long"])
def test_hostile_words_are_inert_on_every_page(desk: Desk, client_as: ClientAs, text: str) -> None:
    event_id = ask(desk, text)
    browser = client_as("publisher")
    group = page_of(text)
    pages = [
        "/staff/questions",
        "/staff/questions?words=alert",
        group,
        f"{group}/teach",
        f"{group}/teach/bulky-waste",
        f"{group}/outside",
        f"/staff/questions/asked/{event_id}",
    ]

    found = "".join(browser.get(address).text for address in pages)

    assert "<script>alert" not in found
    assert "<img src=x" not in found
    assert "\u202e" not in found
    assert "\u0007" not in found
