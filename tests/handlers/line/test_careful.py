"""Emergencies first, personal data out, small talk calm, other languages met, questions parted."""

import pytest

from handlers.line import text, words
from handlers.line.reply import Chat
from tests.handlers.line.checks import problems


@pytest.mark.parametrize(
    ("said", "number"),
    [
        pytest.param("家が燃えよる、はよ来て", "119", id="fire"),
        pytest.param("おじいちゃんが倒れて息をしていません", "119", id="medical"),
        pytest.param("男に刃物でおどされています", "110", id="crime"),
        pytest.param("もう死にたい", "0120-061-338", id="suicide"),
        pytest.param("パパにたたかれる こわい", "189", id="child-abuse"),
    ],
)
def test_an_emergency_gets_its_number_first(citizen: Chat, said: str, number: str) -> None:
    reply = text.say(said, citizen)

    assert reply.decision == "emergency"
    assert number in reply.messages[0]["text"]
    assert f"tel:{number}" in str(reply.messages[1])
    assert problems(list(reply.messages)) == []


@pytest.mark.parametrize(
    "said", ["暑くて死ぬ", "電池が死んだ", "死亡届の出し方", "救急車の適正利用"]
)
def test_speech_and_paperwork_are_no_emergency(citizen: Chat, said: str) -> None:
    reply = text.say(said, citizen)

    assert reply.decision != "emergency"


def test_in_doubt_the_line_comes_with_the_ordinary_answer(citizen: Chat) -> None:
    reply = text.say("子どもの虐待について相談できる窓口はありますか", citizen)

    assert "189" in reply.messages[0]["text"]
    assert reply.shown
    assert problems(list(reply.messages)) == []


def test_the_answer_is_found_without_the_personal_data(citizen: Chat) -> None:
    reply = text.say("粗大ごみを出したい。電話は090-0000-1234です", citizen)

    told = str(reply.messages)
    assert reply.shown[0].entry_id == "bulky-waste"
    assert words.PRIVATE_NOTICE.format(kinds="電話番号") in told
    assert "090-0000-1234" not in told
    assert problems(list(reply.messages)) == []


def test_a_message_of_personal_data_alone_is_asked_for_its_question(citizen: Chat) -> None:
    reply = text.say("090-0000-1234", citizen)

    assert reply.messages[0]["text"].startswith(words.ONLY_PRIVATE)
    assert problems(list(reply.messages)) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("佐世保市の粗大ごみの出し方を教えて", "other_place"),
        ("じゃんけんしよう", "outside"),
        ("090-0000-1234", "no_question"),
        ("😀", "no_question"),
        ("ズボンの丈を直したい", ""),
    ],
)
def test_staff_can_tell_why_nothing_was_answered(citizen: Chat, said: str, reason: str) -> None:
    reply = text.say(said, citizen)

    assert (reply.decision, reply.reason) == ("none", reason)


@pytest.mark.parametrize(
    ("said", "decision", "least"),
    [
        ("粗大ごみ", "answer", 0.9),
        ("粗大ごみの予約をしたい。あと図書館は何時までですか", "answer", 0.5),
        ("引っ越しと粗大ごみ", "choose", 0.4),
    ],
)
def test_how_sure_the_bot_is_is_told_to_staff(
    citizen: Chat, said: str, decision: str, least: float
) -> None:
    reply = text.say(said, citizen)

    assert reply.decision == decision
    assert reply.chance is not None
    assert least <= reply.chance <= 1


def test_the_city_s_own_number_is_no_secret(citizen: Chat) -> None:
    reply = text.say("095-829-1414は何課ですか", citizen)

    assert reply.findings == ()


@pytest.mark.parametrize("intent", words.SMALL_TALK)
def test_every_word_of_small_talk_leads_on(intent: str, citizen: Chat) -> None:
    reply = text.commands.small_talk(intent)

    assert words.CALL_CENTRE_PHONE in reply.messages[0]["text"]
    assert reply.options
    assert problems(list(reply.messages)) == []


def test_thanks_never_trigger_an_answer(citizen: Chat) -> None:
    reply = text.say("ありがとう！助かった😊", citizen)

    assert (reply.decision, reply.shown) == ("smalltalk", ())


def test_english_is_answered_simply_with_an_apology(citizen: Chat) -> None:
    reply = text.say("Where can I get a copy of my resident record?", citizen)

    assert words.APOLOGIES["en"] in str(reply.messages)
    assert problems(list(reply.messages)) == []


def test_two_questions_get_two_answers_in_their_order(citizen: Chat) -> None:
    reply = text.say("粗大ごみの予約をしたい。あと図書館は何時までですか", citizen)

    assert [shown.entry_id for shown in reply.shown] == ["bulky-waste", "library"]
    assert len(reply.messages) <= 5
    assert problems(list(reply.messages)) == []


def test_one_matter_told_in_two_sentences_is_one_question(citizen: Chat) -> None:
    reply = text.say("父が先週亡くなりました。市役所に何を出せばいいですか", citizen)

    assert len({shown.entry_id for shown in reply.shown} & {"bereavement"}) == 1
    assert words.SEVERAL.split("{")[0] not in reply.messages[0]["text"]


def test_another_city_s_matter_is_sent_there(citizen: Chat) -> None:
    reply = text.say("佐世保市の粗大ごみの出し方を教えて", citizen)

    assert reply.shown == ()
    assert "これは長崎市の案内です" in reply.messages[0]["text"]


def test_moving_here_from_another_city_is_our_matter(citizen: Chat) -> None:
    reply = text.say("佐世保市から引っ越してきました。届けは何が要りますか", citizen)

    assert "moving" in [shown.entry_id for shown in reply.shown]
