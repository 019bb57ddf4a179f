"""Every page of the site, for every role and for nobody: closed unless it says otherwise."""

import re

import pytest
from flask import Flask

from handlers.staff import guard
from knowledge.records.accounts import ROLES
from tests.handlers.staff.conftest import ClientAs

WHO = {
    guard.EVERYBODY: "invitation sign_in sign_in_code",
    "viewer": "account compare_versions dashboard dashboard_chart entries entry entry_history export"
    " export_file home links outside_examples own_code password prepare_code preview question"
    " question_group questions renew_recovery_codes report report_workbook sign_out"
    " sign_out_everywhere try_it turn_off_code turn_on_code",
    "editor": "assign_questions autosave change check_links choose_entry_to_teach comment_questions"
    " compare compare_again discard drop_change edit import_file import_result merge new_entry"
    " opened_again park_questions preview_fragment reopen_questions teach",
    "publisher": "commit_change confirm_import export_questions mark_outside remove_outside restore"
    " retire",
    "admin": "all_settings audit_trail change_role change_setting disable enable invite_again people"
    " reset_code",
}
"""The least role of every page, as issue C has it: read and log, drafts, publish, staff and settings."""


def pages(app: Flask) -> list[tuple[str, str, str]]:
    """Method, address (its parts filled in), and endpoint of every page below /staff/."""
    return [
        (method, re.sub(r"<[^>]+>", "1", rule.rule), rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff/") and rule.endpoint != "staff.static"
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def role_of(app: Flask, endpoint: str) -> str:
    """The role a page is marked with."""
    return str(getattr(app.view_functions[endpoint], "role", ""))


def test_every_page_says_who_may_open_it(app: Flask) -> None:
    unmarked = {e for _, _, e in pages(app) if role_of(app, e) not in (*ROLES, guard.EVERYBODY)}

    assert unmarked == set()


def test_every_page_is_open_to_the_roles_it_is_meant_for(app: Flask) -> None:
    marked = {endpoint: role_of(app, endpoint) for _, _, endpoint in pages(app)}

    assert marked == {
        f"staff.{name}": role for role, names in WHO.items() for name in names.split()
    }


def test_nobody_gets_past_the_sign_in(app: Flask, client_as: ClientAs) -> None:
    browser = client_as("")
    token = browser.token()

    open_pages = {
        endpoint
        for method, address, endpoint in pages(app)
        if role_of(app, endpoint) != guard.EVERYBODY
        and "/staff/sign-in"
        not in browser.client.open(address, method=method, data={"csrf_token": token}).text
        + str(browser.client.open(address, method=method, data={"csrf_token": token}).headers)
    }

    assert open_pages == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_pages_only(app: Flask, client_as: ClientAs, role: str) -> None:
    browser = client_as(role)
    may = ROLES.index(role)
    closed = [
        (method, address)
        for method, address, endpoint in pages(app)
        if role_of(app, endpoint) in ROLES and ROLES.index(role_of(app, endpoint)) > may
    ]
    token = browser.token()

    answers = {
        (method, address): browser.client.open(
            address, method=method, data={"csrf_token": token}
        ).status_code
        for method, address in closed
    }

    assert set(answers.values()) <= {403}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_for_anybody(app: Flask, client_as: ClientAs, role: str) -> None:
    browser = client_as(role)

    broken = [
        address
        for method, address, _ in pages(app)
        if method == "GET" and browser.client.get(address).status_code >= 500
    ]

    assert broken == []
