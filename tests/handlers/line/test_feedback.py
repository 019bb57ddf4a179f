"""解決しましたか: asked once with an answer, never after an emergency, answered in one tap."""

import pytest

from handlers.line import text, words
from handlers.line.reply import Chat
from knowledge.base import KnowledgeBase
from tests.builders import DAY


@pytest.fixture
def answered(kb: KnowledgeBase) -> Chat:
    """Someone who has just read the answer on the スマホサロン."""
    citizen = Chat(kb, DAY)
    return Chat(kb, DAY, text.say("スマホサロン", citizen).options)


def test_an_answer_asks_once_whether_it_helped(kb: KnowledgeBase) -> None:
    reply = text.say("スマホサロン", Chat(kb, DAY))

    told = "".join(message.get("text", "") for message in reply.messages)

    assert told.count(words.SOLVED) == 1


def test_what_follows_an_answer_does_not_ask_again(answered: Chat) -> None:
    reply = text.say("やさしい日本語", answered)

    assert words.SOLVED not in reply.messages[0]["text"]


def test_a_yes_is_thanked_for(answered: Chat) -> None:
    reply = text.say("はい", answered)

    assert reply.messages[0]["text"].startswith(words.SOLVED_YES)


def test_a_no_offers_the_reasons_and_the_human_route(answered: Chat) -> None:
    reply = text.say("いいえ", answered)

    labels = [option.label for option in reply.options]
    assert labels[:4] == ["内容がちがう", "古い", "むずかしい", "まだ困っている"]
    assert words.CALL_CENTRE_PHONE in reply.messages[0]["text"]


def test_a_reason_leads_to_a_human(answered: Chat) -> None:
    asked = Chat(answered.kb, DAY, text.say("いいえ", answered).options)

    reply = text.say("まだ困っている", asked)

    assert words.CALL_CENTRE_PHONE in reply.messages[0]["text"]


def test_an_emergency_is_never_followed_by_the_question(kb: KnowledgeBase) -> None:
    reply = text.say("台所から火が出た 助けて", Chat(kb, DAY))

    assert reply.decision == "emergency"
    assert words.SOLVED not in str(reply.messages)
