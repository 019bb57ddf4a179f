"""Days in the wrong order: they are put in order, and the page says so beside the fields."""

import re

import pytest

from tests.handlers.staff.conftest import ClientAs

PAGES = pytest.mark.parametrize(
    ("address", "first", "last"),
    [("/staff/questions", "since", "until"), ("/staff/dashboard", "from", "to")],
)
SAID = "日の前後が逆だったので、入れかえました。"


def days(page: str, *names: str) -> list[str]:
    """What stands in fields for days."""
    return [match for n in names for match in re.findall(rf'name="{n}" value="([^"]*)"', page)]


@PAGES
def test_days_in_the_wrong_order_are_put_in_order_and_the_page_says_so(
    client_as: ClientAs, address: str, first: str, last: str
) -> None:
    query = f"?{first}=2026-11-20&{last}=2026-11-03"

    page = client_as("viewer").get(address + query).text

    assert days(page, first, last) == ["2026-11-03", "2026-11-20"]
    assert SAID in page
    assert page.count('aria-describedby="turned-days"') == 2


@PAGES
@pytest.mark.parametrize("day", ["2026-11-03", "2026-11-20"])
def test_days_in_order_or_the_same_day_are_not_spoken_of(
    client_as: ClientAs, address: str, first: str, last: str, day: str
) -> None:
    page = client_as("viewer").get(f"{address}?{first}={day}&{last}=2026-11-20").text

    assert days(page, first, last) == [day, "2026-11-20"]
    assert SAID not in page
