"""Entries as rows of cells: what goes out comes back, and what a person mistypes is told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import cells, seed, sheets
from knowledge.cells import CellError
from knowledge.entry import Available, Contact, Entry, Link, Source
from knowledge.sheets import RowError, Value, Wrong
from tests.builders import an_entry

CATALOG = seed.load().entries
SOME_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))
    | st.sampled_from("｜\\【】'=+"),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text)


def a_row(entry: Entry | None = None, **changes: Value) -> dict[str, Value]:
    """A row by headings."""
    row: dict[str, Value] = dict(
        zip(sheets.headings(), sheets.to_cells(entry or an_entry()), strict=True)
    )
    return {**row, **changes}


def read(row: dict[str, Value], before: Entry | None = None, **kind: Any) -> Entry:
    """The entry of a row."""
    return sheets.from_cells(row, before, **{"is_shift_jis": False, **kind})


def problems_of(row: dict[str, Value]) -> dict[str, str]:
    """Heading → what is wrong."""
    with pytest.raises(RowError) as caught:
        read(row)
    return dict(caught.value.problems)


@pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.id)
def test_every_entry_of_the_catalog_comes_back_as_it_went(entry: Entry) -> None:
    row = a_row(entry)

    assert read(row) == entry
    assert read(row, entry) == entry


@given(
    st.builds(
        an_entry,
        title=SOME_TEXT,
        body=st.lists(SOME_TEXT, min_size=1, max_size=4).map("\n".join),
        phrasings=st.lists(SOME_TEXT, min_size=1, max_size=4).map(tuple),
        links=st.lists(st.builds(Link, SOME_TEXT, SOME_TEXT, SOME_TEXT), max_size=3).map(tuple),
        sources=st.lists(
            st.builds(Source, SOME_TEXT, SOME_TEXT, st.just("third_party"), st.none() | SOME_TEXT),
            max_size=3,
        ).map(tuple),
        available=st.none() | st.builds(Available, st.dates(date(1990, 1, 1)), SOME_TEXT),
        translations=st.dictionaries(SOME_TEXT, SOME_TEXT, max_size=3),
        contact=st.builds(Contact, SOME_TEXT, st.none() | SOME_TEXT, st.none() | SOME_TEXT),
        valid_until=st.none() | st.dates(date(1990, 1, 1)),
    )
)
def test_whatever_a_new_entry_says_comes_back(entry: Entry) -> None:
    row = a_row(entry)

    assert read(row) == entry


@given(st.text(max_size=30))
def test_an_untouched_cell_never_changes_an_entry(text: str) -> None:
    entry = an_entry(body=text, easy_ja=text, phrasings=(text,), translations={"en": text})

    assert read(a_row(entry), entry) == entry


@given(st.text(max_size=30))
def test_no_cell_can_begin_a_formula(text: str) -> None:
    cell = cells.neutral(text)

    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠\t\r\0"))


@given(st.text(st.sampled_from("'=+-@＝＋－＠\t\u3000 a\n"), max_size=6))
def test_the_apostrophe_of_an_export_goes_away_again(text: str) -> None:
    assert cells.plain(cells.neutral(text)) == text


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\ufeff", "\u202e", "\u00ad", "\u2060", "\x7f", "\x85"]
)
def test_no_formula_begins_behind_a_letter_nobody_sees(unseen: str) -> None:
    text = f"{unseen}'{unseen} =1+1"

    cell = cells.neutral(text)

    assert cell == f"'{text}"
    assert cells.plain(cell) == text


def test_a_letter_nobody_sees_is_no_formula_by_itself() -> None:
    texts = ["\u200b", "\ufeff長崎", "長崎\u200b=市", "\u00ad1=1"]

    assert [cells.neutral(text) for text in texts] == texts


def test_a_cell_saved_as_shift_jis_is_still_untouched() -> None:
    entry = an_entry(body="8:00〜20:00 안내 ― 費用は−10円")
    row = a_row(entry, くわしい説明=cells.through_shift_jis(entry.body))

    assert read(row, entry, is_shift_jis=True) == entry
    assert read(row, entry) != entry


def test_phrasings_are_lines_and_empty_lines_do_not_count() -> None:
    row = a_row(言い回し="  ソファを捨てたい \n\n たんすの処分\n")

    assert read(row).phrasings == ("ソファを捨てたい", "たんすの処分")


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22",
        "2026/11/22",
        "2026年11月22日",
        "２０２６年１１月２２日",
        "令和8年11月22日",
        "R8.11.22",
        "Ｒ８．１１．２２",
        "r8/11/22",
        "H38.11.22",
        "昭和101-11-22",
    ],
)
def test_a_date_may_be_written_as_people_write_it(written: str) -> None:
    assert read(a_row(見直す日=written)).review_by == date(2026, 11, 22)


def test_the_first_year_of_an_era_has_its_own_sign() -> None:
    assert cells.read_day("令和元年5月1日") == cells.read_day("R1.5.1") == date(2019, 5, 1)


def test_what_is_chosen_may_have_any_width() -> None:
    row = a_row(分野="健康･福祉", だれのための案内か="市民､事業者")

    entry = read(row)

    assert (entry.category, entry.audience) == ("健康・福祉", ("市民", "事業者"))


def test_a_date_of_the_spreadsheet_is_read() -> None:
    assert read(a_row(公開を終える日=date(2027, 3, 31))).valid_until == date(2027, 3, 31)


def test_every_mistake_of_a_row_is_told_at_once() -> None:
    found = problems_of(
        a_row(
            ID="粗大ごみ",
            題名="",
            分野="ごみ",
            だれのための案内か="市民、犬",
            見直す日="来年",
            公開を終える日="2026-02-30",
            リンク="ホームページ",
            出典="a ｜ b ｜ 確か",
            くわしい説明=Wrong("式が入っています。"),
            担当課=date(2026, 1, 1),
            電話番号="095\u202e1",
            ほかの言葉="Hello",
        )
    )

    assert list(found) == [h for h in sheets.headings() if h in found]
    assert found["ID"].startswith("半角の英小文字")
    assert found["題名"] == "空です。入力してください。"
    assert "手続き・証明／" in found["分野"]
    assert "市民／事業者／訪問者" in found["だれのための案内か"]
    assert found["見直す日"].startswith("日付は 2026-11-22")
    assert found["公開を終える日"] == "「2026-02-30」という日はありません。"
    assert "名前 ｜ アドレス ｜ 根拠" in found["リンク"]
    assert "長崎市の公式の発表／国・県の発表" in found["出典"]
    assert found["くわしい説明"] == "式が入っています。"
    assert found["担当課"] == sheets.NOT_TEXT
    assert "U+202E" in found["電話番号"]
    assert "【en】" in found["ほかの言葉"]


@pytest.mark.parametrize(
    ("field", "heading"),
    [
        ("contact.department", "担当課"),
        ("contact.phone", "電話番号"),
        ("contact.hours", "受付時間"),
        ("links.0.url", "リンク"),
        ("available.source", "使えるようになった日"),
        ("translations.en", "ほかの言葉"),
    ],
)
def test_a_problem_of_a_field_has_the_heading_of_its_column(field: str, heading: str) -> None:
    assert sheets.heading_of(field) == heading


def test_a_telephone_number_is_read_in_one_spelling() -> None:
    assert read(a_row(電話番号="０９５（８２９）１４１４")).contact.phone == "095-829-1414"


def test_a_text_that_is_too_long_is_refused_with_its_length() -> None:
    assert problems_of(a_row(題名="あ" * 101))["題名"].startswith("101字あります。")


def test_a_language_may_stand_only_once() -> None:
    with pytest.raises(CellError, match="二つ"):
        cells.split_blocks("【en】\na\n【en】\nb")


def test_differences_name_the_fields_that_changed() -> None:
    before = an_entry()
    after = replace(before, title="新しい題名", valid_until=date(2027, 1, 1))

    assert sheets.differences(before, after) == [
        ("題名", "粗大ごみの申込み", "新しい題名"),
        ("公開を終える日", "", "2027-01-01"),
    ]
