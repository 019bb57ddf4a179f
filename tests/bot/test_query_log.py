"""What is kept of a conversation, read back from the real records file."""

from typing import Any

from sqlalchemy import select

from bot import parts
from knowledge.records.questions import question_table
from tests.localbot import Chat


def _kept(chat: Chat, text: str) -> list[dict[str, Any]]:
    records = parts.of(chat.bot.app).records
    query = select(question_table).where(question_table.c.redacted == text)
    with records.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def test_a_question_is_kept_redacted_with_its_decision(chat: Chat) -> None:
    chat.says("粗大ごみを出したい 090-0000-1357")

    (row,) = _kept(chat, "粗大ごみを出したい 〔電話番号〕")

    assert row["decision"] in {"answer", "choose"}
    assert "bulky-waste" in str(row["shown"])
    assert row["engine"] == "lexical"
    assert 0.4 < row["chance"] <= 1


def test_another_town_s_matter_is_kept_as_such(chat: Chat) -> None:
    chat.says("佐世保市の粗大ごみの出し方を教えて")

    (row,) = _kept(chat, "佐世保市の粗大ごみの出し方を教えて")

    assert (row["decision"], row["reason"]) == ("none", "other_place")


def test_the_steps_after_an_answer_are_kept_with_the_question(chat: Chat) -> None:
    chat.says("スマホサロンの次の開催日を知りたか")
    chat.says("いいえ")
    chat.says("むずかしい")

    (row,) = _kept(chat, "スマホサロンの次の開催日を知りたか")

    assert row["next_steps"] == "unsolved:smartphone-salon reason:hard:smartphone-salon"


def test_two_people_have_different_keys_and_none_is_their_id(chat: Chat) -> None:
    other = chat.bot.chat()
    chat.says("図書館は何時まで開いていますか一")
    other.says("図書館は何時まで開いていますか二")

    keys = [
        row["chat_key"]
        for text in ("図書館は何時まで開いていますか一", "図書館は何時まで開いていますか二")
        for row in _kept(chat, text)
    ]

    assert len(set(keys)) == 2
    assert not {chat.user_id, other.user_id} & set(keys)
