"""Many clerks at once: some wait, the last are asked to come back, and LINE finds a free thread."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Blueprint, Flask

from bot import cli_serve
from handlers.staff import crowd

STATIC = Path(crowd.__file__).with_name("static")


class Office:
    """A site whose page takes as long as it is held; one request works at a time."""

    def __init__(self, waiting: int) -> None:
        self.is_open, self.may_end = threading.Event(), threading.Event()
        site = Blueprint("site", __name__, static_folder=str(STATIC))
        crowd.limit(site, at_work=1, waiting=waiting)
        site.get("/slow")(self._slow)
        site.get("/broken")(self._broken)
        site.post("/form")(lambda: "kept")
        self.app = Flask(__name__)
        self.app.register_blueprint(site, url_prefix="/site")

    def get(self, name: str) -> tuple[int, str | None]:
        """A page's status, and after how many seconds to come back."""
        answer = self.app.test_client().get(f"/site/{name}")
        answer.close()
        return answer.status_code, answer.headers.get("Retry-After")

    def _slow(self) -> str:
        self.is_open.set()
        assert self.may_end.wait(30)
        return "done"

    def _broken(self) -> str:
        raise RuntimeError


@pytest.fixture
def clerks() -> Iterator[ThreadPoolExecutor]:
    """Several people at their desks."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_whoever_comes_when_all_places_are_taken_is_asked_to_come_back(
    clerks: ThreadPoolExecutor,
) -> None:
    office = Office(waiting=0)
    first = clerks.submit(office.get, "slow")
    office.is_open.wait(30)

    second = office.get("slow")
    style = office.get("static/staff.css")
    form = office.app.test_client().post("/site/form")
    office.may_end.set()

    assert (second, style[0], form.text) == ((503, "5"), 200, "kept")
    assert first.result() == (200, None)
    assert office.get("slow") == (200, None)


def test_who_waits_is_served_when_a_place_is_free(clerks: ThreadPoolExecutor) -> None:
    office = Office(waiting=1)
    first = clerks.submit(office.get, "slow")
    office.is_open.wait(30)

    second = clerks.submit(office.get, "slow")
    office.may_end.set()

    assert [first.result(), second.result()] == [(200, None), (200, None)]


def test_a_page_that_breaks_gives_its_place_back() -> None:
    office = Office(waiting=0)

    answers = [office.get("broken")[0] for _ in range(3)]

    assert answers == [500, 500, 500]


def test_the_site_leaves_threads_to_line() -> None:
    assert cli_serve.WEB_THREADS - crowd.AT_WORK - crowd.WAITING >= crowd.AT_WORK
