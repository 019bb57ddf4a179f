"""The links of all entries: their last results, and asking again within bounds."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from bot import parts
from bot.app import create_app
from handlers.staff import link_pages, site
from handlers.staff.desk import Desk
from knowledge.records import audit, link_checks, store
from knowledge.records.link_checks import LinkCheck, LinkResult
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.handlers.staff.conftest import ClientAs

CITY = "https://www.city.nagasaki.lg.jp/"


class Pages:
    """Pages of the internet: what they answer, and which were asked."""

    def __init__(self) -> None:
        self.results: dict[str, LinkResult] = {}
        self.asked: list[str] = []
        self.hold: threading.Event | None = None

    def __call__(self, url: str) -> LinkResult:
        self.asked.append(url)
        if self.hold is not None:
            self.hold.wait(timeout=20)
        return self.results.get(url, LinkResult(url, "ok", "200"))


PAGES = Pages()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The staff's site with an internet of its own."""
    config = a_config(tmp_path_factory.mktemp("links"), queue_url="memory://")
    whole = parts.of(create_app(config, line=FakeLine()))
    alone = Flask("links")
    alone.secret_key = config.secret_key
    alone.extensions["bot"] = whole
    site.install(alone, replace(whole.desk(), check_link=PAGES), [])
    return alone


@pytest.fixture
def pages() -> Iterator[Pages]:
    """The internet, all in order."""
    PAGES.results, PAGES.asked, PAGES.hold = {}, [], None
    yield PAGES
    PAGES.hold = None


def all_urls(desk: Desk) -> set[str]:
    """Every address in any entry."""
    return {link.url for stored in desk.kb.all_entries() for link in stored.entry.links}


def entry_with_link(desk: Desk) -> tuple[str, str]:
    """An entry that has one link, and its address."""
    entries = (stored.entry for stored in desk.kb.all_entries())
    return next((e.id, e.links[0].url) for e in entries if len(e.links) == 1)


def test_every_link_is_listed_even_before_it_was_asked(desk: Desk, client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/links").text

    assert [url for url in all_urls(desk) if url.replace("&", "&amp;") not in page] == []
    assert "まだ調べていません" in page


def test_an_editor_has_the_links_of_one_entry_asked(
    desk: Desk, client_as: ClientAs, pages: Pages
) -> None:
    entry_id, url = entry_with_link(desk)
    pages.results[url] = LinkResult(url, "gone", "404")
    browser = client_as("editor")

    answer = browser.post("/staff/links/check", entry=entry_id)

    page = browser.get(answer.headers["Location"]).text
    assert pages.asked == [url]
    assert "なくなっています" in page
    assert "リンクを1件調べました。" in page


def test_all_links_are_asked_once_each_and_the_results_kept(
    desk: Desk, client_as: ClientAs, pages: Pages
) -> None:
    client_as("editor").post("/staff/links/check")

    with store.reading(desk.records) as connection:
        kept = link_checks.by_url(connection)
        newest = audit.trail(connection, limit=1)[0]
    assert sorted(pages.asked) == sorted(all_urls(desk))
    assert {kept[url].result.outcome for url in all_urls(desk)} == {"ok"}
    assert (newest.action, newest.detail) == ("check_links", {"count": len(pages.asked)})


def test_what_was_not_asked_for_longest_comes_first() -> None:
    links = [link_pages.Placed("a", "項目", "published", "", f"{CITY}{n}") for n in (1, 2, 3, 2)]
    checks = {
        f"{CITY}1": LinkCheck(LinkResult(f"{CITY}1", "ok"), 2000.0),
        f"{CITY}2": LinkCheck(LinkResult(f"{CITY}2", "ok"), 1000.0),
    }

    urls = link_pages.oldest_first(links, checks)

    assert urls == [f"{CITY}3", f"{CITY}2", f"{CITY}1"]


def test_no_more_than_fifty_are_asked_at_once(
    desk: Desk, client_as: ClientAs, pages: Pages
) -> None:
    entry_id, _ = entry_with_link(desk)
    stored = next(s for s in desk.kb.all_entries() if s.entry.id == entry_id)
    more = tuple(replace(stored.entry.links[0], url=f"{CITY}more/{n}") for n in range(60))
    desk.kb.save(replace(stored.entry, links=more), "試験", stored.revision)
    browser = client_as("editor")

    answer = browser.post("/staff/links/check", entry=entry_id)
    desk.kb.save(stored.entry, "試験", desk.kb.revision)

    assert len(pages.asked) == 50
    assert "まだ10件、続けて調べられます。" in browser.get(answer.headers["Location"]).text


def test_without_a_way_out_the_page_says_so(desk: Desk, client_as: ClientAs, pages: Pages) -> None:
    entry_id, url = entry_with_link(desk)
    pages.results[url] = LinkResult(url, "unreachable")
    browser = client_as("editor")

    answer = browser.post("/staff/links/check", entry=entry_id)

    page = browser.get(answer.headers["Location"]).text
    assert "ここからは外に出られないため、調べられませんでした。" in page


def test_a_second_check_meanwhile_is_told_to_wait(
    desk: Desk, client_as: ClientAs, pages: Pages
) -> None:
    entry_id, _ = entry_with_link(desk)
    pages.hold = threading.Event()
    first, second = client_as("editor"), client_as("publisher")
    token = first.token()
    checking = threading.Thread(
        target=first.client.post,
        args=("/staff/links/check",),
        kwargs={"data": {"entry": entry_id, "csrf_token": token}},
    )
    checking.start()
    while not pages.asked:
        checking.join(0.01)

    answer = second.post("/staff/links/check", entry=entry_id)
    pages.hold.set()
    checking.join()

    assert "ほかの人がリンクを調べているところです" in second.get(answer.headers["Location"]).text
    assert len(pages.asked) == 1


def test_only_trouble_is_shown_on_demand(desk: Desk, client_as: ClientAs, pages: Pages) -> None:
    _, url = entry_with_link(desk)
    pages.results[url] = LinkResult(url, "moved", f"{CITY}new<script>")
    browser = client_as("editor")
    browser.post("/staff/links/check")

    page = browser.get("/staff/links?only=trouble").text

    assert f"{CITY}new&lt;script&gt;" in page
    assert [other for other in all_urls(desk) - {url} if other in page] == []


def test_a_viewer_sees_and_does_not_ask(client_as: ClientAs, pages: Pages) -> None:
    browser = client_as("viewer")

    browser.post("/staff/links/check", 403)

    assert pages.asked == []
    assert "今すぐ調べる" not in browser.get("/staff/links").text


def test_results_that_come_too_late_are_left_out(pages: Pages) -> None:
    pages.hold = threading.Event()

    results = link_pages.ask(pages, [CITY], seconds=0.1)
    pages.hold.set()

    assert results == []


def test_the_real_site_asks_with_the_real_checker(desk: Desk) -> None:
    assert desk.check_link("http://127.0.0.1/").outcome == "refused"
