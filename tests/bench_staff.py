"""Print how fast every page of the staff's site answers after a busy year, beside 500,000 questions."""

import io
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule

from bot import parts
from bot.app import create_app
from bot.worker import settle, warm_up
from handlers.staff import people_pages
from handlers.staff.desk import Desk
from knowledge import history
from knowledge.records.accounts import Person
from tests import bench_staff_beside, bench_staff_changes
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.handlers.staff.codes import with_password
from tests.handlers.staff.conftest import StaffClient, join
from tests.handlers.staff.files import an_xlsx, cells_of
from tests.handlers.staff.proposals import work_off
from tests.load import busy_year
from tests.load.busy_year import Known
from tests.saying import say

GOAL_MS = 500
VIEWS = 7
INVITED = Person("invited", "invited@example.jp", "招かれた人", "viewer")
SHEET_ENTRIES = 300

VARIANTS = {
    "staff.entries": (
        "?page=40", "?query=図書館+時間", "?query=粗大ごみの出し方&how=question",
        "?only=overdue&only=no_link&state=public", "?category=ごみ・くらし&plan=studying",
    ),
    "staff.links": ("?only=unchecked", "?page=5"),
    "staff.preview": ("?draft=1",),
    "staff.entry_history": ("?page=2",),
    "staff.compare_versions": ("?before={older}&after={newer}",),
    "staff.export": ("?category=ごみ・くらし",),
    "staff.export_file": ("?format=csv",),
    "staff.questions": (
        "?page=3", "?words=図書館", "?look=all", "?state=parked&order=newest",
        "?category=ごみ・くらし", "?language=ja&engine=meaning&decision=choose",
        "?since={year_ago}", "?since={year_ago}&words=図書館&look=all",
    ),
    "staff.dashboard": ("?from={year_ago}",),
    "staff.report": ("?month={this_month}",),
}  # fmt: skip
"""What clerks also ask of a page: its filters, a search, a later page, a longer time."""

ASSETS = frozenset({"staff.static"})


@dataclass(frozen=True)
class Timed:
    """A page, the milliseconds of its first view and, sorted, of all; CPU beside the wall.

    On a machine that others use, too, the CPU time says what the page needs.
    """

    url: str
    status: int
    first: float
    first_cpu: float
    views: tuple[float, ...]
    cpu: float

    @property
    def median(self) -> float:
        """Of all views."""
        return statistics.median(self.views)


def main() -> None:
    """Fill a database, open every page, and tell which are slow."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        app = create_app(a_config(folder, queue_url="memory://"), line=FakeLine())
        person, known = filled(app)
        say(f"made in {time.perf_counter() - started:.0f} s")
        pages(app, person, known)
        desk = parts.of(app).desk()
        bench_staff_beside.main(folder, desk, person, known, a_sheet(desk))
    bench_staff_changes.comparisons()


def pages(app: Flask, person: Person, known: Known) -> None:
    """Every page with a GET, and its usual filters."""
    warm_up(parts.of(app))
    settle()
    browser = with_password(app, person)
    values = values_of(browser, parts.of(app).desk(), known)
    found = []

    def look(url: str) -> None:
        found.append(timed(browser, url))
        tell(found[-1])

    for url in sorted(addresses(app, values)):
        look(url)
    bench_staff_changes.large(parts.of(app).desk(), browser, look)
    slow = [one.url for one in found if one.median > GOAL_MS]
    slow_first = [one.url for one in found if one.first > GOAL_MS]
    say(f"{len(found)} pages; median over {GOAL_MS} ms: {', '.join(slow) or 'none'}")
    say(f"first view over {GOAL_MS} ms: {', '.join(slow_first) or 'none'}")


def timed(browser: StaffClient, url: str) -> Timed:
    """Open a page some times."""
    times, spent = [], []
    for _ in range(VIEWS):
        wall, cpu = time.perf_counter(), time.process_time()
        response = browser.client.get(url)
        response.get_data()
        times.append((time.perf_counter() - wall) * 1000)
        spent.append((time.process_time() - cpu) * 1000)
    median = statistics.median(spent)
    return Timed(url, response.status_code, times[0], spent[0], tuple(sorted(times)), median)


def tell(one: Timed) -> None:
    """One line."""
    mark = "  SLOW" if one.median > GOAL_MS else ""
    status = "" if one.status == 200 else f"  status {one.status}"
    say(
        f"median {one.median:5.0f} (CPU {one.cpu:4.0f})  first {one.first:5.0f}"
        f" (CPU {one.first_cpu:4.0f})  worst {one.views[-1]:5.0f} ms  {one.url}{status}{mark}"
    )


def addresses(app: Flask, values: dict[str, str]) -> Iterator[str]:
    """Of every page the site has, so that none is forgotten; one that needs more is told."""
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        if rule.endpoint.startswith("staff.") and "GET" in methods and rule.endpoint not in ASSETS:
            if missing := rule.arguments - set(values):
                say(f"NOT MEASURED  {rule.rule}: no value for {', '.join(sorted(missing))}")
                continue
            yield from _addresses(rule, values)


def _addresses(rule: Rule, values: dict[str, str]) -> Iterator[str]:
    url = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: values[found[1]], rule.rule)
    for query in ("", *VARIANTS.get(rule.endpoint, ())):
        yield url + query.format(**values)


def values_of(browser: StaffClient, desk: Desk, known: Known) -> dict[str, str]:
    """What stands for the changing parts of addresses."""
    newer, older = history.versions(desk.kb, known.entry_id, 2)
    today = desk.today()
    return {
        "entry_id": known.entry_id,
        "event_id": known.event_id,
        "key": known.asked_key,
        "job_id": known.job_id,
        "upload_id": sent_sheet(browser, desk),
        "token": urlsplit(people_pages.invite(desk, busy_year.ME, INVITED)).path.split("/")[-1],
        "kind": "xlsx",
        "name": "small_group",
        "newer": newer.mark,
        "older": older.mark,
        "person_id": INVITED.person_id,
        "year_ago": str(today - timedelta(days=365)),
        "this_month": f"{today:%Y-%m}",
    }


def sent_sheet(browser: StaffClient, desk: Desk) -> str:
    """The id of a sheet with many changed entries that waits to be confirmed."""
    location = browser.post("/staff/import", file=(io.BytesIO(a_sheet(desk)), "a.xlsx")).location
    upload_id = str(location.rsplit("/", 1)[-1])
    work_off(desk, upload_id)
    return upload_id


def a_sheet(desk: Desk) -> bytes:
    """A workbook of some hundred entries, each with another summary."""
    every = [stored.entry for stored in desk.kb.all_entries()][-SHEET_ENTRIES:]
    return an_xlsx([cells_of(entry, 結論=f"{entry.summary[:100]}（直した）") for entry in every])


def filled(app: Flask) -> tuple[Person, Known]:
    """Entries, a person, a year of questions and what staff did."""
    desk = parts.of(app).desk()
    busy_year.publish(desk)
    person = join(app, desk, "admin@example.jp", "admin")
    busy_year.ask(desk)
    return person, busy_year.work(desk, person)


if __name__ == "__main__":
    main()
