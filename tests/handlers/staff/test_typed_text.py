"""No form of the site loses what was typed: not when a session ends, nor when a role is lowered."""

import pytest
from flask import Flask

from handlers.staff.desk import Desk
from knowledge.records import accounts, settings, store
from knowledge.records.accounts import Person
from tests.handlers.staff import hygiene
from tests.handlers.staff.asking import ask, page_of
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.filled import fields
from tests.handlers.staff.test_session_end import resumed

WRITTEN = "なくしてはいけない文"
KEPT = {
    "change_role", "change_setting", "comment_questions", "commit_change", "disable", "edit",
    "enable", "mark_outside", "merge", "new_entry", "people", "reset_code", "retire", "teach",
    "try_it",
}  # fmt: skip
SECRET = {
    "invitation", "password", "renew_recovery_codes", "sign_in", "sign_in_code", "turn_off_code",
    "turn_on_code",
}  # fmt: skip
"""A password or a code is typed anew: no page carries one."""

NOTHING_TYPED = {
    "assign_questions", "check_links", "compare_again", "confirm_import", "discard", "drop_change",
    "export_questions", "import_file", "invite_again", "park_questions", "prepare_code",
    "remove_outside", "reopen_questions", "restore", "sign_out", "sign_out_everywhere",
}  # fmt: skip
"""Buttons, choices, and a file that its sender still has."""

BESIDE_A_FORM = {"autosave", "preview_fragment"}
"""What a page sends by itself while somebody types; the text is in their form."""


def test_every_form_keeps_its_text_or_has_none(app: Flask) -> None:
    forms = {
        rule.endpoint.removeprefix("staff.")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff/") and "POST" in (rule.methods or ())
    }

    keeping = {n for n in forms if hasattr(app.view_functions[f"staff.{n}"], "keeps_text")}

    assert keeping == KEPT
    assert forms - keeping == SECRET | NOTHING_TYPED | BESIDE_A_FORM


@pytest.mark.parametrize("what", ["role", "disable"])
def test_the_reason_about_a_colleague_is_not_lost_and_nothing_is_done(
    desk: Desk, people: dict[str, Person], client_as: ClientAs, what: str
) -> None:
    colleague = people["viewer"]
    url = f"/staff/people/{colleague.person_id}/{what}"

    page = resumed(desk, client_as("admin"), url, {"reason": WRITTEN, "role": "editor"})

    assert str(fields(page, "")["reason"]).strip() == WRITTEN
    with store.reading(desk.records) as connection:
        now = accounts.get(connection, colleague.person_id)
    assert now is not None
    assert (now.role, now.is_disabled) == ("viewer", False)


def test_an_invitation_is_not_lost_and_nobody_is_invited(desk: Desk, client_as: ClientAs) -> None:
    typed = {"name": WRITTEN, "account": "lost@example.jp", "role": "editor"}

    page = resumed(desk, client_as("admin"), "/staff/people", typed)

    shown = fields(page, "")
    assert {name: shown[name] for name in typed} == typed
    with store.reading(desk.records) as connection:
        assert accounts.find(connection, "lost@example.jp") is None


def test_a_setting_is_not_lost_and_not_changed(desk: Desk, client_as: ClientAs) -> None:
    url = "/staff/settings/small_group"

    page = resumed(desk, client_as("admin"), url, {"value": "7", "reason": WRITTEN})

    assert 'value="7"' in page
    assert WRITTEN in page
    with store.reading(desk.records) as connection:
        assert settings.get(connection).small_group != 7


def test_a_question_on_trial_is_not_lost(desk: Desk, client_as: ClientAs) -> None:
    page = resumed(desk, client_as("viewer"), "/staff/try", {"text": WRITTEN})

    assert WRITTEN in page
    assert "結果：" not in page


def test_whoever_lost_a_role_while_writing_finds_the_text_to_copy(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, "灯籠流しの場所")
    browser = client_as("viewer")
    typed = {"comment": f"{WRITTEN}</textarea><script>", "key": "a" * 64}

    answer = browser.post(f"{page_of('灯籠流しの場所')}/comment", 403, **typed)

    assert f"{WRITTEN}&lt;/textarea&gt;" in answer.text
    assert "a" * 64 not in answer.text
    assert hygiene.problems(answer.text) == []


def test_what_another_site_sends_is_not_shown(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, "灯籠流しの場所")
    browser = client_as("viewer")

    answer = browser.client.post(
        f"{page_of('灯籠流しの場所')}/comment",
        data={"csrf_token": browser.token(), "comment": WRITTEN},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code in (400, 403)
    assert WRITTEN not in answer.text
