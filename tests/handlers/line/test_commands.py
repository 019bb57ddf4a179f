"""Menus, buttons and numbers lead where they say, and an outdated one leads to the menu."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.line import commands, words
from handlers.line.reply import Chat, Reply
from knowledge.base import KnowledgeBase
from knowledge.entry import CATEGORIES, Entry
from knowledge.records.offers import Option
from tests.builders import DAY, an_entry
from tests.handlers.line.checks import button_actions, problems, quick_actions, text_of

OFFERED = (Option("ごみの分け方", "entry:waste-sorting"), Option("メニュー", "menu"))
MENU_COMMANDS = ["menu", "help", "frequent", "none_of_these"]


def commands_of(reply: Reply) -> list[str]:
    return [option.command for option in reply.options]


@pytest.mark.parametrize(
    "command", [*MENU_COMMANDS, "entry:no-such-entry", "", *(f"category:{c}" for c in CATEGORIES)]
)
def test_a_menu_is_within_all_limits(command: str, citizen: Chat) -> None:
    reply = commands.run(command, citizen)

    assert problems(reply.messages) == []


@pytest.mark.parametrize("command", [*MENU_COMMANDS, *(f"category:{c}" for c in CATEGORIES)])
def test_a_menu_has_its_choices_as_numbers_as_buttons_and_as_quick_replies(
    command: str, citizen: Chat
) -> None:
    reply = commands.run(command, citizen)

    numbered = [f"{number}. {option.label}" for number, option in enumerate(reply.options, 1)]
    lines = reply.messages[0]["text"].splitlines()
    assert [line for line in lines if line in numbered] == numbered
    assert [action["data"] for action in button_actions(reply.messages)] == commands_of(reply)
    assert [action["data"] for action in quick_actions(reply.messages)] == commands_of(reply)[:13]


@pytest.mark.parametrize("command", [*MENU_COMMANDS, *(f"category:{c}" for c in CATEGORIES)])
def test_every_choice_of_a_menu_leads_somewhere(command: str, citizen: Chat) -> None:
    reply = commands.run(command, citizen)

    led_to = [commands.run(option.command, citizen) for option in reply.options]

    assert reply.options
    assert [reply for reply in led_to if words.GONE in text_of(reply.messages)] == []
    assert [problems(reply.messages) for reply in led_to] == [[]] * len(led_to)


@pytest.mark.parametrize("command", [*MENU_COMMANDS, *(f"category:{c}" for c in CATEGORIES)])
def test_the_alt_text_of_a_menu_names_its_choices(command: str, citizen: Chat) -> None:
    reply = commands.run(command, citizen)

    alt = reply.messages[-1]["altText"]
    assert [option.label for option in reply.options if option.label not in alt] == []


def test_the_menu_offers_the_nine_categories_in_order_and_what_is_asked_most(
    citizen: Chat,
) -> None:
    reply = commands.run("menu", citizen)

    assert commands_of(reply) == [*(f"category:{name}" for name in CATEGORIES), "frequent"]
    assert text_of(reply.messages).startswith(words.MENU)


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_category_lists_all_its_entries_and_the_menu(name: str, citizen: Chat) -> None:
    reply = commands.run(f"category:{name}", citizen)

    entries = citizen.kb.snapshot(DAY).category(name)
    assert entries
    assert commands_of(reply) == [*(f"entry:{entry.id}" for entry in entries), "menu"]
    assert f"「{name}」" in text_of(reply.messages)


def test_what_is_asked_most_is_all_published(citizen: Chat) -> None:
    reply = commands.run("frequent", citizen)

    assert commands_of(reply) == [f"entry:{entry_id}" for entry_id in commands.FREQUENT_IDS]


def test_the_help_says_how_to_ask_what_not_to_send_and_whom_to_call(citizen: Chat) -> None:
    told = text_of(commands.run("help", citizen).messages)

    expected = ["ふだんの言葉", "番号", "メニュー", "個人情報は送らないで", words.HUMAN_ROUTE]
    assert [part for part in expected if part not in told] == []


@pytest.mark.parametrize("reply_to", [commands.not_found, commands.none_of_these])
def test_finding_nothing_is_admitted_with_the_phone_and_the_categories(
    reply_to: Callable[[Chat], Reply], citizen: Chat
) -> None:
    reply = reply_to(citizen)

    assert reply.decision == "none"
    assert "申し訳ありません" in text_of(reply.messages)
    assert words.HUMAN_ROUTE in text_of(reply.messages)
    assert commands_of(reply)[:-1] == [f"category:{name}" for name in CATEGORIES]
    assert problems(reply.messages) == []


@pytest.mark.parametrize(
    "command",
    [
        "",
        ":",
        "entry",
        "entry:",
        "entry:no-such-entry",
        "easy:no-such-entry",
        "phone:no-such-entry",
        "page:no-such-entry:0",
        "category:宇宙",
        "delete:bulky-waste",
        "unknown",
        "\x00",
        "menu:",
    ],
)
def test_an_unknown_or_outdated_command_leads_to_the_menu(command: str, citizen: Chat) -> None:
    reply = commands.run(command, citizen)

    assert commands_of(reply)[:-1] == [f"category:{name}" for name in CATEGORIES]
    assert problems(reply.messages) == []


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(deadline=None)
def test_any_command_at_all_gets_an_answer(kb: KnowledgeBase, command: str) -> None:
    reply = commands.run(command, Chat(kb, DAY))

    assert problems(reply.messages) == []


@given(
    st.sampled_from(["entry", "easy", "phone", "page"]),
    st.sampled_from(["open-data", "bulky-waste"]),
    st.text(st.characters(categories=["N"]), max_size=290) | st.text(max_size=9),
)
@settings(deadline=None)
def test_any_number_behind_an_entry_gets_an_answer(
    kb: KnowledgeBase, name: str, entry_id: str, number: str
) -> None:
    reply = commands.run(f"{name}:{entry_id}:{number}"[:300], Chat(kb, DAY))

    assert problems(reply.messages) == []


@pytest.mark.parametrize(
    "changes",
    [{"state": "retired"}, {"state": "draft"}, {"valid_until": DAY.replace(year=2025)}],
    ids=str,
)
@pytest.mark.parametrize("name", ["entry", "easy", "phone", "page"])
def test_an_entry_that_is_not_public_is_gone_and_the_menu_is_offered(
    tmp_path: Path, changes: dict[str, object], name: str
) -> None:
    base = KnowledgeBase(tmp_path / "kb.db")
    base.import_catalog([an_entry(**changes), an_entry(id="waste-sorting", title="ごみの分け方")])

    reply = commands.run(f"{name}:bulky-waste", Chat(base, DAY))

    assert text_of(reply.messages).startswith(words.GONE)
    assert "category:ごみ・くらし" in commands_of(reply)


def test_a_retired_entry_is_offered_nowhere(tmp_path: Path) -> None:
    base = KnowledgeBase(tmp_path / "kb.db")
    base.import_catalog([an_entry(state="retired"), an_entry(id="waste-sorting", title="分け方")])
    citizen = Chat(base, DAY)

    menus = [commands.run(command, citizen) for command in ["frequent", "category:ごみ・くらし"]]

    assert [commands_of(menu) for menu in menus] == [
        ["entry:waste-sorting"],
        ["entry:waste-sorting", "menu"],
    ]


def handed_over(entry_id: str, to: str) -> Entry:
    """A retired entry whose wordings another took over."""
    return an_entry(id=entry_id, state="retired", phrasings=(), related=(to,))


@pytest.mark.parametrize("name", ["entry", "easy", "phone", "page"])
def test_an_old_button_leads_to_what_took_the_entrys_place(tmp_path: Path, name: str) -> None:
    base = KnowledgeBase(tmp_path / "kb.db")
    taken_over = an_entry(id="waste-sorting", title="ごみの分け方", related=())
    between = handed_over("waste-collection-day", "waste-sorting")
    base.import_catalog([handed_over("bulky-waste", between.id), between, taken_over])
    citizen = Chat(base, DAY)

    reply = commands.run(f"{name}:bulky-waste:0", citizen)

    assert "ごみの分け方" in text_of(reply.messages)
    assert commands_of(commands.run("frequent", citizen)) == ["entry:waste-sorting"]


def test_entries_that_name_each_other_as_successors_are_gone(tmp_path: Path) -> None:
    base = KnowledgeBase(tmp_path / "kb.db")
    base.import_catalog([handed_over("moving", "kokuho"), handed_over("kokuho", "moving")])

    reply = commands.run("entry:moving", Chat(base, DAY))

    assert text_of(reply.messages).startswith(words.GONE)


def test_a_number_that_stands_for_nothing_shows_the_choices_again(kb: KnowledgeBase) -> None:
    reply = commands.no_such_number(Chat(kb, DAY, OFFERED))

    assert reply.options == OFFERED
    assert text_of(reply.messages).startswith(words.NO_SUCH_NUMBER)
    assert problems(reply.messages) == []


def test_a_number_when_nothing_was_offered_leads_to_the_menu(citizen: Chat) -> None:
    reply = commands.no_such_number(citizen)

    assert text_of(reply.messages).startswith(words.NOTHING_TO_CHOOSE)
    assert commands_of(reply)[0] == f"category:{CATEGORIES[0]}"
    assert problems(reply.messages) == []


@pytest.mark.parametrize("typed", [typed for typed in commands.TYPED_COMMANDS if typed])
def test_every_word_for_a_command_names_one_that_exists(typed: str, citizen: Chat) -> None:
    reply = commands.run(commands.TYPED_COMMANDS[typed], citizen)

    assert words.GONE not in text_of(reply.messages)


def test_no_command_is_called_by_an_empty_word() -> None:
    assert "" not in commands.TYPED_COMMANDS
