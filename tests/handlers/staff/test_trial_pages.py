"""A clerk asks as a citizen would, and nothing of it stays."""

from pathlib import Path

import pytest
from flask import Flask

from bot import parts
from handlers.staff import trial
from handlers.staff.desk import Desk
from handlers.staff.trial import DraftKnowledge
from knowledge import entry as entry_module
from knowledge.records import drafts, store
from knowledge.records.drafts import Draft
from tests.handlers.staff.conftest import ClientAs

PHRASE = "宇宙ロケットの燃料タンクを片づけたい"
HOSTILE = "<script>alert(1)</script>\u202e{{7*7}}"


def keep_draft(desk: Desk, entry_id: str, **fields: object) -> None:
    """Begin a draft, of a published entry where there is one, in place of the one before."""
    entry = desk.kb.entry(entry_id, desk.today())
    document = entry_module.to_data(entry) if entry else {"id": entry_id}
    with store.writing(desk.records) as connection:
        last = drafts.get(connection, entry_id)
        draft = Draft(entry_id, 0, 1, {**document, **fields}, "試験", desk.clock())
        drafts.put(connection, draft, last.version if last else 0)


@pytest.mark.parametrize(
    ("question", "decision"),
    [
        ("粗大ごみの申込み", "答える"),
        ("あれはどうなっとるとやろうか", "見つからない"),
        ("家が燃えています", "緊急"),
        ("こんにちは", "あいさつ"),
        ("メニュー", "メニュー"),
        ("カードの手続き", "選んでもらう"),
    ],
)
def test_the_decision_is_said_in_plain_words(
    client_as: ClientAs, question: str, decision: str
) -> None:
    page = client_as("viewer").post("/staff/try", 200, text=question, knowledge="published").text

    assert f"結果：{decision}" in page


def test_the_answer_is_shown_as_line_shows_it(desk: Desk, client_as: ClientAs) -> None:
    page = client_as("viewer").post("/staff/try", 200, text="粗大ごみの申込み").text

    entry = desk.kb.entry("bulky-waste", desk.today())
    assert entry is not None
    assert entry.summary.split("095")[0] in page
    assert "あじさいコールへ電話" in page


def test_what_was_found_and_why_is_told(desk: Desk) -> None:
    told = trial.ask("粗大ごみの申込み", desk.kb, desk.today())

    best = told.candidates[0]
    assert (best.entry_id, best.percent, best.is_shown) == ("bulky-waste", 100, True)
    assert best.why == "言い回し「粗大ごみの申込み」とほぼ同じです。"
    assert told.why == "登録した言い回しとほぼ同じです"


def test_kana_that_was_repaired_is_told(desk: Desk) -> None:
    told = trial.ask("けんしんば受けたか", desk.kb, desk.today())

    assert told.understood is not None
    assert "けんしん" in dict(told.understood.repaired)


def test_words_that_no_entry_has_are_told(desk: Desk) -> None:
    told = trial.ask("粗大ごみのキリマンジャロ", desk.kb, desk.today())

    assert told.understood is not None
    assert told.understood.unknown


def test_personal_data_is_shown_as_it_would_be_kept(client_as: ClientAs) -> None:
    question = "粗大ごみを出したい。電話は 090-0000-0000 です"

    page = client_as("viewer").post("/staff/try", 200, text=question).text

    assert "粗大ごみを出したい。電話は 〔電話番号〕 です" in page
    assert "090-0000-0000</span> → 〔電話番号〕" in page


def test_nothing_of_it_is_kept(app: Flask, client_as: ClientAs) -> None:
    words = "ひみつのことばキリマンジャロ"

    client_as("editor").post("/staff/try", 200, text=words, knowledge="drafts")

    folder = Path(parts.of(app).config.database).parent
    kept = [p.name for p in folder.rglob("*") if p.is_file() and words.encode() in p.read_bytes()]
    assert kept == []


def test_a_draft_answers_only_where_drafts_are_asked(desk: Desk, client_as: ClientAs) -> None:
    keep_draft(desk, "bulky-waste", phrasings=[PHRASE], summary="下書きの結論です。")
    browser = client_as("viewer")

    published = browser.post("/staff/try", 200, text=PHRASE, knowledge="published").text
    drafted = browser.post("/staff/try", 200, text=PHRASE, knowledge="drafts").text

    assert "下書きの結論です。" not in published
    assert "下書きの結論です。" in drafted


def test_drafts_are_built_into_the_knowledge_once(desk: Desk) -> None:
    keep_draft(desk, "bulky-waste", phrasings=[PHRASE])
    drafted = DraftKnowledge(desk)
    first, _ = drafted.knowledge()

    again, _ = drafted.knowledge()
    keep_draft(desk, "bulky-waste", phrasings=["ほかの言い回し"])
    after, _ = drafted.knowledge()

    assert again is first
    assert after is not first


def test_an_unfinished_draft_is_named_and_left_out(desk: Desk, client_as: ClientAs) -> None:
    keep_draft(desk, "half-done", title="途中の項目")

    page = client_as("viewer").post("/staff/try", 200, text="こんにちは", knowledge="drafts").text

    assert "まだ書き終わっていない下書き" in page
    assert "途中の項目" in page


def test_hostile_words_are_inert(client_as: ClientAs) -> None:
    page = client_as("viewer").post("/staff/try", 200, text=HOSTILE).text

    assert "<script>alert" not in page
    assert "〔202E〕" in page


@pytest.mark.parametrize(
    ("text", "problem"), [("", "入力してください"), ("あ" * 5001, "5,000文字まで")]
)
def test_what_cannot_be_asked_is_said(client_as: ClientAs, text: str, problem: str) -> None:
    page = client_as("viewer").post("/staff/try", 200, text=text).text

    assert problem in page
