"""Admins read what colleagues did: newest first, by person or by thing, page by page."""

import ast
import html
import re
from pathlib import Path

import pytest

import handlers.staff
from handlers.staff import audit_pages, changes
from handlers.staff.changes import Wish
from handlers.staff.desk import Desk
from knowledge import history
from knowledge.records import audit, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from tests.handlers.staff.asking import ask, key_of
from tests.handlers.staff.conftest import BY, ClientAs
from tests.handlers.staff.proposals import compared, reworded

HOSTILE = '<script>alert(1)</script>=1+1\u202e"'
LINES = audit_pages.PAGE_LINES + 5


def noted(desk: Desk, person: Person, *acts: Act) -> None:
    """Lines in the trail."""
    with store.writing(desk.records) as connection:
        for act in acts:
            audit.note(connection, person, act, desk.clock())


def rows(page: str) -> list[str]:
    """The lines of the table."""
    return re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", page, re.DOTALL)


def test_a_line_tells_who_when_what_to_what_and_why(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    act = Act("publish", "library", "開館の時間が変わったため", {"overrides": True})
    admin = client_as("admin")
    noted(desk, people["publisher"], act)

    line = rows(admin.get("/staff/audit").text)[0]

    assert "公開した" in line
    assert "成績が下がることを知ったうえで" in line
    assert "publisherの人" in line
    assert "開館の時間が変わったため" in line
    assert 'href="/staff/entries/library"' in line


def test_a_line_about_questions_of_long_ago_leads_to_them(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    ask(desk, "灯籠流しの場所", asked_at=desk.clock() - 90 * 86_400)
    admin = client_as("admin")
    noted(desk, people["editor"], Act("comment_questions", key_of("灯籠流しの場所")))

    address = re.findall(r'href="([^"]*/groups/[^"]*)"', rows(admin.get("/staff/audit").text)[0])[0]

    assert "灯籠流しの場所" in admin.get(html.unescape(address)).text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Act("change_role", "a@example.jp", detail={"role": "editor"}), ["役割を変えた", "書く人"]),
        (Act("assign_questions", "ab12", detail={"to": "花子"}), ["担当：花子", "groups/ab12"]),
        (Act("check_links", "*"), ["リンクを調べた", "すべて"]),
        (
            Act("change_setting", "code_needed", detail={"before": 0, "after": 1}),
            ["設定を変えた", "確認コードを求める", "0 → 1"],
        ),
        (Act("of_tomorrow", "a"), ["of_tomorrow"]),
    ],
)
def test_every_kind_of_deed_has_its_words(
    desk: Desk, client_as: ClientAs, act: Act, words: list[str]
) -> None:
    admin = client_as("admin")
    noted(desk, BY, act)

    line = rows(admin.get("/staff/audit").text)[0]

    assert [word for word in words if word not in line] == []


def test_a_published_text_is_in_the_trail_by_its_mark_and_that_of_the_one_before(
    desk: Desk, people: dict[str, Person]
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "bulky-waste", "直した文です。")])

    changes.commit(desk, people["publisher"], job, Wish("確かめた"))

    with store.reading(desk.records) as connection:
        (deed,) = audit.trail(connection, "bulky-waste")
    after, before = history.versions(desk.kb, "bulky-waste", limit=2)
    assert (deed.detail["text"], deed.detail["text_before"]) == (after.mark, before.mark)


def test_the_trail_of_one_person(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    noted(desk, people["editor"], Act("save_draft", "salon-of-one"))
    noted(desk, people["publisher"], Act("publish", "salon-of-another"))

    page = client_as("admin").get(f"/staff/audit?who={people['editor'].person_id}").text

    assert "salon-of-one" in page
    assert "salon-of-another" not in page


def test_commands_and_failures_are_found_as_well(desk: Desk, client_as: ClientAs) -> None:
    admin = client_as("admin")
    noted(desk, BY, Act("disable", "by-command@example.jp"))

    found = rows(admin.get(f"/staff/audit?who={audit_pages.NO_PERSON}").text)

    assert "by-command@example.jp" in found[0]
    assert not any("adminの人" in line for line in found)


def test_the_trail_of_one_thing_goes_on_page_by_page(desk: Desk, client_as: ClientAs) -> None:
    noted(desk, BY, *(Act("save_draft", "many", str(number)) for number in range(LINES)))
    admin = client_as("admin")

    first = admin.get("/staff/audit?subject=many").text
    older = re.findall(r'href="(/staff/audit\?before=[^"]+)"', first)[0].replace("&amp;", "&")
    second = admin.get(older).text

    assert len(rows(first)) == audit_pages.PAGE_LINES
    assert len(rows(second)) == LINES - audit_pages.PAGE_LINES
    assert "新しいものへ戻る" in second
    assert "前の記録" not in second


@pytest.mark.parametrize("query", ["before=99999999999999999999", "before=-1", "who=a&subject=b"])
def test_an_odd_address_breaks_nothing(client_as: ClientAs, query: str) -> None:
    client_as("admin").get(f"/staff/audit?{query}")


def test_nothing_in_the_trail_acts_on_the_page(desk: Desk, client_as: ClientAs) -> None:
    admin = client_as("admin")
    noted(desk, BY, Act("comment_questions", "ab12", HOSTILE, {"to": HOSTILE, "topic": HOSTILE}))

    page = admin.get("/staff/audit").text

    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_every_action_of_the_site_has_its_words() -> None:
    folder = Path(handlers.staff.__file__).parent
    calls = (
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Act"
    )

    actions = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}

    assert {"sign_in", "reset_code", "propose_teach"} <= actions
    assert actions - audit_pages.WORDS.keys() == set()
