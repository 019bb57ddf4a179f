"""What changed between two texts is told field by field, with the words that went and came."""

from typing import Any

from handlers.staff import differences
from handlers.staff.differences import Line, Piece
from knowledge import entry as entry_module
from tests.builders import an_entry


def data(**changes: Any) -> dict[str, Any]:
    """An entry's plain data."""
    return entry_module.to_data(an_entry(**changes))


def test_a_changed_word_is_shown_within_its_line() -> None:
    before, after = data(body="料金は300円です。"), data(body="料金は500円です。")

    (found,) = differences.between(before, after)

    assert found.label == "くわしい説明"
    assert found.lines == (
        Line(
            (
                Piece("料金は", "same"),
                Piece("300", "removed"),
                Piece("500", "added"),
                Piece("円です。", "same"),
            )
        ),
    )


def test_lines_that_have_nothing_in_common_are_two_lines() -> None:
    before, after = data(owner="廃棄物対策課"), data(owner="図書館")

    (found,) = differences.between(before, after)

    assert [line.pieces[0].kind for line in found.lines] == ["removed", "added"]


def test_unchanged_lines_far_from_a_change_are_counted() -> None:
    wordings = tuple(f"言い回し{number}" for number in range(20))
    before, after = data(phrasings=wordings), data(phrasings=(*wordings, "新しい言い方"))

    (found,) = differences.between(before, after)

    assert [line.left_out for line in found.lines] == [19, 0, 0]
    assert found.lines[-1] == Line((Piece("新しい言い方", "added"),))


def test_the_pieces_make_both_texts_again() -> None:
    old = "対象：長崎市に住む人です。\n\n持ち物：はんこ\n料金：300円"
    new = "対象：市内に住む方です。\n料金：無料\n受付：窓口\n"

    (found,) = differences.between(data(body=old), data(body=new))

    lines = [line.pieces for line in found.lines]
    assert all(text_of(line, "removed") in ["", *old.splitlines()] for line in lines)
    assert all(text_of(line, "added") in ["", *new.splitlines()] for line in lines)


def text_of(pieces: tuple[Piece, ...], kind: str) -> str:
    """One side of a line."""
    return "".join(piece.text for piece in pieces if piece.kind in ("same", kind))


def test_a_retirement_is_told_in_words() -> None:
    (found,) = differences.between(data(), data(state="retired"))

    assert found.label == "公開か取り下げか"
    assert [line.pieces[0].text for line in found.lines] == ["公開", "取り下げ"]


def test_a_removed_entry_loses_every_text() -> None:
    found = differences.between(data(), None)

    kinds = {piece.kind for d in found for line in d.lines for piece in line.pieces}
    assert kinds == {"removed"}
    assert "題名" in [d.label for d in found]


def test_the_same_text_has_no_difference() -> None:
    assert differences.between(data(), data()) == []


def test_a_very_long_line_is_told_whole() -> None:
    before, after = data(body="あ。" * 9_000), data(body="い。" * 9_000)

    (found,) = differences.between(before, after)

    assert [line.pieces[0].kind for line in found.lines] == ["removed", "added"]
