"""Every published entry's answers: within all limits, complete as plain text, honest, reachable."""

from datetime import date
from typing import Any

import pytest

from handlers.line import answers, commands, text, words
from handlers.line.reply import Chat
from knowledge import plan, seed
from knowledge.entry import Available, Entry, Link
from knowledge.text import compare_key
from tests.builders import DAY, an_entry
from tests.handlers.line.checks import CALL_CENTRE, button_actions, problems, text_of

ENTRIES = [entry for entry in seed.load().entries if entry.is_public(DAY)]
PAGES = [(entry, number) for entry in ENTRIES for number in range(len(entry.links))]
UNPROVEN = [entry for entry in ENTRIES if entry.available is None]
EASY_IDS = {entry.id for entry in ENTRIES if entry.easy_ja}
FISCAL_YEARS = [date(2025, 4, 1), date(2026, 4, 1), date(2027, 4, 1), date(2028, 4, 1)]


def entry_id(value: Any) -> str | None:
    return value.id if isinstance(value, Entry) else None


every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=entry_id)


def test_the_catalog_publishes_86_entries() -> None:
    assert len(ENTRIES) == 86


@every_entry
def test_an_answer_is_within_all_limits(entry: Entry, citizen: Chat) -> None:
    reply = answers.answer(entry, citizen)

    assert problems(reply.messages) == []


@every_entry
def test_an_answer_in_easy_japanese_is_within_all_limits(entry: Entry) -> None:
    reply = answers.easy(entry)

    assert problems(reply.messages) == []
    assert CALL_CENTRE in text_of(reply.messages)


@every_entry
def test_an_answer_with_the_phone_numbers_is_within_all_limits(entry: Entry) -> None:
    reply = answers.phones(entry)

    assert problems(reply.messages) == []
    assert CALL_CENTRE in text_of(reply.messages)


@pytest.mark.parametrize(("entry", "number"), PAGES, ids=entry_id)
def test_an_answer_with_a_page_is_within_all_limits(entry: Entry, number: int) -> None:
    reply = answers.page(entry, number)

    assert problems(reply.messages) == []
    assert entry.links[number].url in text_of(reply.messages)


@pytest.mark.parametrize(("entry", "number"), PAGES, ids=entry_id)
def test_an_answer_with_a_page_names_the_call_centre(entry: Entry, number: int) -> None:
    reply = answers.page(entry, number)

    assert CALL_CENTRE in text_of(reply.messages)


@every_entry
def test_the_text_alone_holds_the_whole_answer_conclusion_first(
    entry: Entry, citizen: Chat
) -> None:
    reply = answers.answer(entry, citizen)

    told = reply.messages[0]["text"]
    facts = [entry.body.strip(), entry.contact.department, CALL_CENTRE, words.CALL_CENTRE_HOURS]
    facts += [link.url for link in entry.links]
    assert told.startswith(f"【{entry.title}】\n{entry.summary}\n")
    assert [fact for fact in facts if fact not in told] == []


@every_entry
def test_the_phone_and_hours_of_the_department_stand_in_the_text(
    entry: Entry, citizen: Chat
) -> None:
    told = text_of(answers.answer(entry, citizen).messages)

    assert (entry.contact.phone or CALL_CENTRE) in told
    assert (entry.contact.hours or "") in told


@every_entry
@pytest.mark.parametrize("day", FISCAL_YEARS, ids=["R7", "R8", "R9", "R10"])
def test_the_status_is_worded_as_the_plan_has_it_for_that_year(entry: Entry, day: date) -> None:
    told = answers.full_text(entry, day)

    rows = [plan.rows()[row] for row in entry.plan]
    expected = [plan.status(row.marks, day, entry.available).text for row in rows]
    assert [status for status in expected if status not in told] == []


@pytest.mark.parametrize("entry", UNPROVEN, ids=entry_id)
def test_an_entry_without_a_proof_of_use_is_nowhere_said_to_be_usable(entry: Entry) -> None:
    told = [answers.full_text(entry, day) for day in FISCAL_YEARS]

    assert [text for text in [*told, entry.easy_ja or ""] if "利用できます" in text] == []


def test_a_proof_of_use_counts_from_its_first_day_on() -> None:
    proof = Available(date(2026, 4, 2), "https://www.city.nagasaki.lg.jp/")
    entry = an_entry(plan=(next(iter(plan.rows())),), available=proof)

    days = [date(2026, 4, 1), date(2026, 4, 2)]

    assert ["利用できます" in answers.full_text(entry, day) for day in days] == [False, True]


@every_entry
def test_every_choice_stands_in_the_text_with_its_number(entry: Entry, citizen: Chat) -> None:
    reply = answers.answer(entry, citizen)

    lines = reply.messages[0]["text"].splitlines()
    numbered = [f"{number}. {option.label}" for number, option in enumerate(reply.options, 1)]
    assert [line for line in lines if line in numbered] == numbered
    assert words.HOW_TO_CHOOSE in lines


@every_entry
def test_every_button_can_be_had_by_typing(entry: Entry, citizen: Chat) -> None:
    reply = answers.answer(entry, citizen)

    actions = button_actions(reply.messages)
    told = text_of(reply.messages)
    typed = {option.command for option in reply.options}
    taps = {action["data"] for action in actions if action["type"] == "postback"}
    targets = {action["uri"].removeprefix("tel:") for action in actions if action["type"] == "uri"}
    assert taps <= typed
    assert [target for target in targets if target not in told] == []


@every_entry
def test_typing_the_words_or_the_number_of_a_choice_equals_tapping_it(
    entry: Entry, citizen: Chat
) -> None:
    options = answers.answer(entry, citizen).options
    asked = Chat(citizen.kb, DAY, options)

    tapped = [commands.run(option.command, asked) for option in options]

    assert [text.say(option.label, asked) for option in options] == tapped
    assert [text.say(str(number), asked) for number in range(1, len(options) + 1)] == tapped


@every_entry
def test_no_two_choices_have_the_same_words(entry: Entry, citizen: Chat) -> None:
    keys = [compare_key(option.label) for option in answers.answer(entry, citizen).options]

    assert sorted(set(keys)) == sorted(keys)


@every_entry
def test_the_alt_text_carries_the_title_the_conclusion_and_the_phone(
    entry: Entry, citizen: Chat
) -> None:
    card = answers.answer(entry, citizen).messages[-1]

    parts = [entry.title, entry.summary, CALL_CENTRE]
    assert [part for part in parts if part not in card["altText"]] == []


@every_entry
def test_easy_japanese_is_offered_where_the_entry_has_it(entry: Entry, citizen: Chat) -> None:
    offered = [option.label for option in answers.answer(entry, citizen).options]

    assert (words.LABEL_EASY in offered) == (entry.id in EASY_IDS)


@every_entry
def test_related_entries_of_an_answer_are_published(entry: Entry, citizen: Chat) -> None:
    assert [other for other in entry.related if citizen.kb.entry(other, DAY) is None] == []


def test_the_easy_answer_leads_back_to_the_full_one(citizen: Chat) -> None:
    entry = an_entry(easy_ja="大きい ごみは 電話を します。")

    reply = answers.easy(entry)

    assert "大きい ごみは 電話を します。" in text_of(reply.messages)
    assert [option.command for option in reply.options] == [
        "entry:bulky-waste",
        "phone:bulky-waste",
        "menu",
    ]


def test_an_entry_without_easy_japanese_says_so() -> None:
    reply = answers.easy(an_entry(easy_ja=None))

    assert words.NO_EASY in text_of(reply.messages)


def test_an_entry_without_a_page_offers_the_home_page_and_says_so(citizen: Chat) -> None:
    reply = answers.answer(an_entry(links=()), citizen)

    assert words.NO_PAGE in text_of(reply.messages)
    assert words.HOME_PAGE in [action.get("uri") for action in button_actions(reply.messages)]


def test_a_retired_related_entry_is_not_offered(citizen: Chat) -> None:
    reply = answers.answer(an_entry(related=("no-such-entry", "waste-sorting")), citizen)

    assert [option.command for option in reply.options if option.command.startswith("entry:")] == [
        "entry:waste-sorting"
    ]


def test_a_page_answer_tells_the_chosen_page_only() -> None:
    first = Link("一つ目", "https://www.city.nagasaki.lg.jp/1", "出典")
    second = Link("二つ目", "https://www.city.nagasaki.lg.jp/2", "出典")

    reply = answers.page(an_entry(links=(first, second)), 1)

    assert second.url in text_of(reply.messages)
    assert first.url not in text_of(reply.messages)


def test_rows_that_differ_are_told_one_by_one() -> None:
    rows = [row.id for row in plan.rows().values()]
    texts = {plan.status(plan.rows()[row].marks, DAY, None).text: row for row in rows}
    different = tuple(texts.values())

    lines = answers.status_lines(an_entry(plan=different), DAY)

    assert lines == [
        words.STATUS_OF_ROW.format(row=plan.rows()[row].name, status=status)
        for status, row in texts.items()
    ]


def test_an_entry_without_plan_and_proof_has_no_status() -> None:
    assert answers.status_lines(an_entry(plan=()), DAY) == []


def test_a_proof_of_use_is_told_also_without_a_row_of_the_plan() -> None:
    proof = Available(date(2026, 1, 18), "https://www.city.nagasaki.lg.jp/")

    lines = answers.status_lines(an_entry(plan=(), available=proof), DAY)

    assert lines == ["今の状況：利用できます（2026年1月の市の公表で確認）。"]
