"""What a citizen types is read as a choice, a menu word or a question, in this order."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.line import commands, text, words
from handlers.line.reply import Chat
from knowledge.base import KnowledgeBase, Snapshot
from knowledge.entry import CATEGORIES
from knowledge.records.offers import Option
from tests.builders import DAY, an_entry
from tests.handlers.line.checks import a_vague_question, problems, text_of

OFFERED = (
    Option("粗大ごみの申込み", "entry:bulky-waste"),
    Option("住民票・印鑑証明", "entry:resident-record"),
    Option("どれでもない", "none_of_these"),
)


@pytest.fixture
def asked(kb: KnowledgeBase) -> Chat:
    """A chat that was just offered something."""
    return Chat(kb, DAY, OFFERED)


@pytest.mark.parametrize(
    "typed",
    [
        "2",
        "２",
        "②",
        "⑵",
        "⒉",
        " 2 ",
        "2.",
        "２．",
        "2。",
        "2、",
        "「2」",
        "2番",
        "２番",
        "2ばん",
        "2番目",
        "2番め",
        "②番",
        "2\n",
        "2️⃣",
        "02",
        "2👍",
    ],
)
def test_a_number_in_any_width_chooses(typed: str, asked: Chat) -> None:
    reply = text.say(typed, asked)

    assert reply == commands.run("entry:resident-record", asked)


@pytest.mark.parametrize(
    "typed",
    [
        "住民票・印鑑証明",
        "住民票印鑑証明",
        "住民票･印鑑証明",
        " 住民票 ・ 印鑑証明 ",
        "「住民票・印鑑証明」",
        "住民票・印鑑証明。",
    ],
)
def test_the_words_of_a_choice_choose_it(typed: str, asked: Chat) -> None:
    reply = text.say(typed, asked)

    assert reply == commands.run("entry:resident-record", asked)


@pytest.mark.parametrize("typed", ["ドレデモナイ", "どれでもない", "ﾄﾞﾚﾃﾞﾓﾅｲ"])
def test_the_words_of_a_choice_may_be_written_in_other_kana(typed: str, asked: Chat) -> None:
    reply = text.say(typed, asked)

    assert text_of(reply.messages).startswith(words.NONE_OF_THESE)


@pytest.mark.parametrize("typed", ["0", "4", "１０", "99", "9番", "⑳"])
def test_a_number_out_of_range_shows_the_choices_again(typed: str, asked: Chat) -> None:
    reply = text.say(typed, asked)

    assert text_of(reply.messages).startswith(words.NO_SUCH_NUMBER)
    assert reply.options == OFFERED
    assert problems(reply.messages) == []


@pytest.mark.parametrize("typed", ["1", "３", "②", "1番"])
def test_a_number_with_nothing_offered_leads_to_the_menu(typed: str, citizen: Chat) -> None:
    reply = text.say(typed, citizen)

    assert text_of(reply.messages).startswith(words.NOTHING_TO_CHOOSE)
    assert problems(reply.messages) == []


@pytest.mark.parametrize(
    "typed",
    ["メニュー", "めにゅー", "ﾒﾆｭｰ", "menu", "ＭＥＮＵ", "Menu", "メニュー。", "目次", "もどる"],
)
def test_a_word_for_the_menu_shows_the_categories(typed: str, citizen: Chat) -> None:
    reply = text.say(typed, citizen)

    assert reply.messages == commands.menu(citizen).messages


@pytest.mark.parametrize(
    "typed", ["使い方", "つかいかた", "ヘルプ", "へるぷ", "help", "HELP", "ｈｅｌｐ", "？", "?"]
)
def test_a_word_for_help_explains_how_to_use_the_bot(typed: str, citizen: Chat) -> None:
    reply = text.say(typed, citizen)

    assert reply.messages == commands.help_(citizen).messages


@pytest.mark.parametrize("typed", ["よくある質問", "よくあるしつもん", "FAQ"])
def test_a_word_for_what_is_asked_most_shows_it(typed: str, citizen: Chat) -> None:
    reply = text.say(typed, citizen)

    assert reply.messages == commands.frequent(citizen).messages


def test_a_menu_word_works_also_while_choosing(asked: Chat) -> None:
    reply = text.say("メニュー", asked)

    assert reply.messages == commands.menu(asked).messages


def test_a_question_works_also_while_choosing(asked: Chat) -> None:
    reply = text.say("スマホの使い方ば教えてほしか", asked)

    assert [shown.entry_id for shown in reply.shown] == ["smartphone-salon"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "　",
        "\n",
        "\x00",
        "😀",
        "👨‍👩‍👧‍👦🇯🇵",
        "。。。",
        "…",
        "\u200b",
        "\ud83d",
        "！？",
    ],
)
def test_a_text_without_words_is_told_so(typed: str, citizen: Chat) -> None:
    reply = text.say(typed, citizen)

    assert text_of(reply.messages).startswith(words.EMPTY)
    assert "menu" in [option.command for option in reply.options]
    assert problems(reply.messages) == []


@pytest.mark.parametrize(
    "typed", ["ピラミッドの高さ", "火星の天気予報", "ぬるぽがっ", "qwertyuiop"]
)
def test_what_is_not_found_is_admitted_with_phone_and_menu(typed: str, citizen: Chat) -> None:
    reply = text.say(typed, citizen)

    assert reply.decision == "none"
    assert reply.shown == ()
    assert text_of(reply.messages).startswith(words.NOT_FOUND)
    assert words.CALL_CENTRE_PHONE in text_of(reply.messages)
    assert reply.options[0].command == f"category:{CATEGORIES[0]}"
    assert problems(reply.messages) == []


def test_a_sure_question_is_answered_with_its_entry(citizen: Chat) -> None:
    reply = text.say("粗大ごみを出したい", citizen)

    assert reply.decision == "answer"
    assert [shown.entry_id for shown in reply.shown] == ["bulky-waste"]
    assert text_of(reply.messages).startswith("【粗大ごみの申込み】\n")


def test_a_vague_question_offers_two_or_three_choices_and_a_way_out(citizen: Chat) -> None:
    vague = a_vague_question(citizen.kb)

    reply = text.say(vague, citizen)

    entries = [f"entry:{shown.entry_id}" for shown in reply.shown]
    assert reply.decision == "choose"
    assert 2 <= len(entries) <= 3
    assert [option.command for option in reply.options] == [*entries, "none_of_these"]
    assert text_of(reply.messages).startswith(words.CHOOSE)
    assert problems(reply.messages) == []


def test_a_retired_entry_is_no_longer_found(tmp_path: Path) -> None:
    base = KnowledgeBase(tmp_path / "kb.db")
    base.import_catalog([an_entry(state="retired"), an_entry(id="x", title="猫", phrasings=())])

    reply = text.say("粗大ごみを出したい", Chat(base, DAY))

    assert "bulky-waste" not in [shown.entry_id for shown in reply.shown]


class Restless(KnowledgeBase):
    """A knowledge base in which, between any two looks, an entry is retired and put back."""

    def snapshot(self, day: date) -> Snapshot:
        found = super().snapshot(day)
        is_public = "bulky-waste" in found.entries
        self.import_catalog([an_entry(state="retired" if is_public else "published"), MOVING])
        return found


MOVING = an_entry(id="moving", title="引っ越し", phrasings=("引っ越しの届け出をしたい",))


@pytest.mark.parametrize(
    "asked", ["ソファを捨てたい", "ソファを捨てたい。引っ越しの届け出をしたい"]
)
def test_a_message_is_answered_from_one_state_of_the_knowledge(tmp_path: Path, asked: str) -> None:
    base = Restless(tmp_path / "kb.db")
    base.import_catalog([an_entry(), MOVING])

    replies = [text.say(asked, Chat(base, DAY)) for _ in range(4)]

    shown = [[one.entry_id for one in reply.shown] for reply in replies]
    assert ["bulky-waste" in ids for ids in shown] == [True, False, True, False]


@given(st.text(st.characters(exclude_categories=()), max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_text_gets_a_sendable_answer(kb: KnowledgeBase, typed: str) -> None:
    reply = text.say(typed, Chat(kb, DAY, OFFERED))

    assert problems(reply.messages) == []


@pytest.mark.parametrize(
    "piece", ["あ", "🍎", "𠮷", "葛\U000e0100", "ごみ ", "\u202eא", "é", "\x00"]
)
def test_a_text_of_5000_units_gets_a_sendable_answer(piece: str, citizen: Chat) -> None:
    reply = text.say((piece * 5000)[:5000], citizen)

    assert problems(reply.messages) == []
