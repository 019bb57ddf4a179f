"""The ways from page to page: links lead where a clerk would look, and none is written by hand."""

import re
from pathlib import Path

import pytest

from tests.handlers.staff.conftest import ClientAs

TEMPLATES = Path(__file__).parents[3] / "handlers/staff/templates/staff"


def icon_of(page: str) -> str:
    """The address of a page's icon."""
    return re.findall(r'<link rel="icon" href="([^"]+)">', page)[0]


def test_a_list_leads_to_its_export_with_the_same_choice(client_as: ClientAs) -> None:
    viewer = client_as("viewer")

    page = viewer.get("/staff/entries?category=手続き・証明&only=no_link").text

    href = re.findall(r'href="([^"]+)">この一覧を書き出す', page)[0].replace("&amp;", "&")
    found = re.findall(r"(\d+) 件が見つかりました", page)[0]
    assert int(found) > 0
    assert f"<strong>{found}</strong>" in viewer.get(href).text


def test_what_the_search_engine_found_is_not_offered_as_an_export(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries?query=ごみ&how=question").text

    assert "この一覧を書き出す" not in page


def test_the_list_of_links_is_reached_from_the_entries(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries").text

    assert '<a href="/staff/links">リンクの確認</a>' in page


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/staff/sign-in"])
def test_every_site_has_an_icon(client_as: ClientAs, path: str) -> None:
    client = client_as("").client

    with client.get(icon_of(client.get(path).text)) as answer:
        found = (answer.status_code, answer.mimetype)

    assert found == (200, "image/svg+xml")


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_a_template_writes_no_address_by_hand(template: Path) -> None:
    assert '"/staff' not in template.read_text(encoding="utf-8")
