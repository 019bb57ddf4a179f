"""Conversations as citizens have them, through the real door and LINE's own limits; read them aloud."""

from collections.abc import Callable

import pytest

from bot.simulator import events
from handlers.line import words
from tests.handlers.line.checks import a_vague_question, button_actions, quick_actions
from tests.handlers.line.checks import text_of as told
from tests.localbot import Chat, Message


def command_of(messages: list[Message], label: str) -> str:
    """What stands behind a quick reply."""
    return next(a["data"] for a in quick_actions(messages) if a["label"] == label)


def title(messages: list[Message]) -> str:
    """What the answer is about: its first line."""
    return told(messages).splitlines()[0]


def test_an_elderly_citizen_asks_for_help_with_the_smartphone(chat: Chat) -> None:
    answer = chat.says("スマホの使い方ば教えてほしか")

    assert title(answer) == "【スマホサロン】"
    assert words.HUMAN_ROUTE in told(answer)


def test_bulky_waste_then_a_number_then_easy_japanese_then_the_full_text(chat: Chat) -> None:
    first = chat.says("粗大ごみ")
    assert title(first) == "【粗大ごみの申込み】"
    assert "1. やさしい日本語" in told(first)

    easy = chat.says("１")
    assert title(easy) == "【粗大ごみの申込み】やさしい日本語"

    full = chat.says("くわしい説明")
    assert title(full) == "【粗大ごみの申込み】"
    assert told(full) == told(first)


def test_from_the_menu_by_numbers_to_an_answer(chat: Chat) -> None:
    menu = chat.says("メニュー")
    assert "4. ごみ・くらし" in told(menu)

    category = chat.says("4")
    assert title(category) == "「ごみ・くらし」の案内です。"

    answer = chat.says("②")
    assert title(answer).startswith("【")
    assert words.HUMAN_ROUTE in told(answer)


def test_from_the_menu_by_words_to_an_answer(chat: Chat) -> None:
    chat.says("めにゅー")
    chat.says("ごみ・くらし")

    answer = chat.says("粗大ごみの申込み")

    assert title(answer) == "【粗大ごみの申込み】"


def test_none_of_the_choices_is_right(chat: Chat) -> None:
    choices = chat.says(a_vague_question(chat.bot.app.extensions["bot"].kb))
    assert title(choices) == words.CHOOSE
    assert "どれでもない" in told(choices)

    sorry = chat.says("どれでもない")

    assert told(sorry).startswith("お役に立てず、申し訳ありません。")
    assert words.HUMAN_ROUTE in told(sorry)
    assert "1. 手続き・証明" in told(sorry)


def test_the_first_of_the_choices_is_right(chat: Chat) -> None:
    choices = chat.says(a_vague_question(chat.bot.app.extensions["bot"].kb))
    first = quick_actions(choices)[0]["displayText"]

    answer = chat.says("1番")

    assert title(answer).startswith(f"【{first}")


def test_a_number_too_high_is_asked_again_and_then_right(chat: Chat) -> None:
    chat.says("粗大ごみ")

    again = chat.says("99")
    assert title(again) == words.NO_SUCH_NUMBER

    assert title(chat.says("1")) == "【粗大ごみの申込み】やさしい日本語"


def test_what_the_city_cannot_answer_is_admitted(chat: Chat) -> None:
    answer = chat.says("ピラミッドの高さ")

    assert told(answer).startswith("申し訳ありません。お尋ねに合う案内が見つかりませんでした。")
    assert words.HUMAN_ROUTE in told(answer)
    assert title(chat.says("1")) == "「手続き・証明」の案内です。"


def test_a_new_friend_is_greeted_with_all_that_must_be_known(chat: Chat) -> None:
    greeting = chat.does(events.follow_event)

    expected = [
        "自動で答えるプログラムです",
        "市の手続き、ごみ、子育て、健康、支払い",
        "個人情報は送らないでください",
        "119番",
        "110番",
        words.HUMAN_ROUTE,
        "1. メニュー",
    ]
    assert [part for part in expected if part not in told(greeting)] == []
    assert title(chat.says("1")) == words.MENU


@pytest.mark.parametrize("word", ["使い方", "ヘルプ", "help"])
def test_whoever_asks_how_to_use_it_is_told(chat: Chat, word: str) -> None:
    assert title(chat.says(word)) == "知りたいことを、ふだんの言葉で送ってください。"


@pytest.mark.parametrize(
    ("what", "reply"),
    [
        (events.sticker_event, "スタンプをありがとうございます。"),
        (events.image_event, "写真や動画、ファイルの中身は見ることができません。"),
        (events.audio_event, "音声は聞き取ることができません。"),
        (events.location_event, "場所を送ってくださり、ありがとうございます。"),
    ],
    ids=["a sticker", "a picture", "a voice", "a place"],
)
def test_what_is_no_text_is_answered_kindly_and_the_menu_is_one_word_away(
    chat: Chat, what: Callable[..., events.Event], reply: str
) -> None:
    answer = chat.does(what)

    assert reply in told(answer)
    assert title(chat.says("メニュー")) == words.MENU


def test_a_place_leads_to_shelters(chat: Chat) -> None:
    chat.does(events.location_event)

    answer = chat.says("避難所・ハザードマップ")

    assert title(answer) == "【避難所・ハザードマップ】"


@pytest.mark.parametrize("label", ["やさしい日本語", "電話番号を見る", "メニュー"])
def test_tapping_a_button_equals_typing_its_words(chat: Chat, label: str) -> None:
    tapping, typing = chat, chat.bot.chat()
    offered = tapping.says("粗大ごみ")
    typing.says("粗大ごみ")

    tapped = tapping.taps(command_of(offered, label))

    assert tapped == typing.says(label)


def test_a_button_of_an_older_answer_still_works(chat: Chat) -> None:
    older = chat.says("粗大ごみ")
    chat.says("メニュー")

    answer = chat.taps(command_of(older, "やさしい日本語"))

    assert title(answer) == "【粗大ごみの申込み】やさしい日本語"


def test_the_phone_numbers_can_be_copied_and_called(chat: Chat) -> None:
    chat.says("粗大ごみ")

    numbers = chat.says("電話番号を見る")

    assert words.CALL_CENTRE_PHONE in told(numbers)
    assert f"tel:{words.CALL_CENTRE_PHONE}" in [a.get("uri") for a in button_actions(numbers)]


def test_two_people_do_not_choose_from_each_others_choices(chat: Chat) -> None:
    one, other = chat, chat.bot.chat()

    one.says("粗大ごみ")
    other.says("メニュー")

    assert title(one.says("1")) == "【粗大ごみの申込み】やさしい日本語"
    assert title(other.says("1")) == "「手続き・証明」の案内です。"


def test_someone_who_was_offered_nothing_is_told_so(chat: Chat) -> None:
    assert title(chat.says("1")) == words.NOTHING_TO_CHOOSE


def test_blocking_the_bot_makes_it_forget_what_was_offered(chat: Chat) -> None:
    chat.says("粗大ごみ")
    chat.does(events.unfollow_event)
    chat.bot.stub.register(events.follow_event(user_id=chat.user_id))

    answer = chat.says("1")

    assert title(answer) == words.NOTHING_TO_CHOOSE


def test_a_blocked_bot_says_nothing(chat: Chat) -> None:
    assert chat.does(events.unfollow_event) == []


def test_taking_a_message_back_is_met_with_silence_and_choices_remain(chat: Chat) -> None:
    chat.says("粗大ごみ")

    assert chat.does(lambda **fields: events.unsend_event("2", **fields)) == []
    assert title(chat.says("1")) == "【粗大ごみの申込み】やさしい日本語"


def test_a_long_story_is_answered_all_the_same(chat: Chat) -> None:
    story = "粗大ごみを出したいのですが、" + "古いたんすが家にあって困っています。" * 250

    answer = chat.says(story[:5000])

    assert words.HOW_TO_CHOOSE in told(answer)
