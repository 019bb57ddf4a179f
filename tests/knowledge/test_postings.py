"""Rows of terms are weighted as the formulas say, whatever arrays they are kept in."""

import math

import pytest

from knowledge.postings import K1, FieldRows, Postings, TermRows

FIELDS = {"title": (2.0, 0.5), "body": (1.0, 0.0)}


def of_rows(*rows: str) -> Postings:
    """Postings of rows whose terms stand with spaces between them."""
    collected = TermRows()
    for row in rows:
        collected.add(row.split())
    return collected.postings()


def of_fields(*rows: tuple[str, str]) -> Postings:
    """Postings of titles and bodies."""
    collected = FieldRows(FIELDS)
    for title, body in rows:
        collected.add({"title": title.split(), "body": body.split()})
    return collected.postings()


def test_a_term_is_held_by_the_rows_it_stands_in() -> None:
    postings = of_rows("ごみ 袋", "ごみ", "住民 票", "袋 ごみ ごみ")

    assert postings.holders("ごみ").tolist() == [0, 1, 3]
    assert postings.holders("票").tolist() == [2]
    assert postings.holders("税").tolist() == []


def test_a_row_s_weights_are_its_terms_idf_at_length_1() -> None:
    postings = of_rows("ごみ 袋", "ごみ", "票")
    common, rare = postings.idf["ごみ"], postings.idf["袋"]

    scores = postings.score({"ごみ": 1.0, "袋": 2.0})

    assert common == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert rare == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert scores.tolist() == pytest.approx(
        [(common + 2 * rare) / math.hypot(common, rare), 1.0, 0.0]
    )


def test_a_term_counts_once_a_row() -> None:
    once, twice = of_rows("ごみ 袋", "票"), of_rows("ごみ ごみ 袋", "票")

    assert once.score({"ごみ": 1.0}).tolist() == twice.score({"ごみ": 1.0}).tolist()


def test_a_term_of_no_row_scores_nothing_and_is_as_rare_as_the_rarest() -> None:
    postings = of_rows("ごみ 袋", "ごみ")

    assert postings.score({"税": 1.0}).tolist() == [0.0, 0.0]
    assert postings.unknown_idf == postings.idf["袋"]


def test_no_rows_make_empty_postings() -> None:
    assert of_rows().score({"ごみ": 1.0}).tolist() == []
    assert of_fields().score({"ごみ": 1.0}).tolist() == []


def test_a_row_without_terms_scores_0() -> None:
    assert of_rows("", "ごみ").score({"ごみ": 1.0}).tolist() == [0.0, 1.0]


def test_fields_add_up_by_weight_and_length_before_they_saturate() -> None:
    postings = of_fields(("ごみ", "ごみ ごみ"), ("住民 票 税", "ごみ"))
    average = (1 + 3) / 2
    title = 2.0 / (0.5 + 0.5 * 1 / average)

    scores = postings.score({"ごみ": 1.0})

    idf = postings.idf["ごみ"]
    assert scores.tolist() == pytest.approx(
        [idf * (title + 2) / (K1 + title + 2), idf * 1 / (K1 + 1)]
    )


def test_a_field_that_is_empty_everywhere_changes_nothing() -> None:
    postings = of_fields(("", "ごみ"), ("", "票"))

    assert postings.score({"ごみ": 1.0}).tolist() == pytest.approx(
        [postings.idf["ごみ"] / (K1 + 1), 0.0]
    )
