"""Every list of the site takes the page in its address alike."""

import pytest
from flask import Flask

from handlers.staff import paging


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", "ab"),
        ("/?page=2", "cd"),
        ("/?page=3", "e"),
        ("/?page=4", "e"),
        ("/?page=99999999999999999999", "e"),
        ("/?page=0", "ab"),
        ("/?page=-2", "ab"),
        ("/?page=", "ab"),
        ("/?page=x", "ab"),
        ("/?page=1.5", "ab"),
    ],
)
def test_a_page_that_is_none_is_the_first_and_one_beyond_the_end_is_the_last(
    address: str, shown: str
) -> None:
    with Flask("pages").test_request_context(address):
        part = paging.asked(count=5, size=2)

    assert part.of("abcde") == shown


def test_an_empty_list_has_one_page() -> None:
    with Flask("pages").test_request_context("/?page=2"):
        part = paging.asked(count=0, size=2)

    assert (part.page, part.pages, part.start) == (1, 1, 0)
