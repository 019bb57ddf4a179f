"""The links of all entries: how each answered last, and asking them again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.staff import guard, paging
from handlers.staff.desk import Desk
from knowledge.base import KnowledgeBase
from knowledge.records import audit, link_checks, store
from knowledge.records.audit import Act
from knowledge.records.link_checks import LinkCheck, LinkResult

AT_ONCE = 50
WORKERS = 4
WHOLE_SECONDS = 60.0
PAGE_SIZE = 100

OUTCOMES = {
    "gone": "なくなっています",
    "error": "開けませんでした",
    "refused": "調べられない住所です",
    "moved": "ほかの住所へ移っています",
    "unreachable": "ここからは外に出られないため、調べられませんでした",
    "ok": "開けました",
}
"""What each outcome is called; what needs somebody's hand comes first."""

NEEDS_A_HAND = frozenset({"gone", "error", "refused", "moved"})
STATES = {"retired": "取り下げ", "draft": "下書き", "published": ""}

BUSY = "ほかの人がリンクを調べているところです。少し待って、もう一度お試しください。"
NO_WAY_OUT = "ここからは外に出られないため、調べられませんでした。"
NOTHING = "調べるリンクがありません。"
CHECKED = "リンクを{count}件調べました。"
MORE = "まだ{left}件、続けて調べられます。"


@dataclass(frozen=True)
class Placed:
    """A link and the entry it stands in."""

    entry_id: str
    title: str
    state: str
    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """A link with its last result, if it was ever asked."""

    link: Placed
    check: LinkCheck | None

    @property
    def needs_a_hand(self) -> bool:
        """True when somebody should look at the address."""
        return self.check is not None and self.check.result.outcome in NEEDS_A_HAND

    @property
    def order(self) -> tuple[int, str]:
        """Trouble first, then what was never asked, then the rest."""
        if self.check is None:
            return len(NEEDS_A_HAND), self.link.entry_id
        return list(OUTCOMES).index(self.check.result.outcome), self.link.entry_id


class _AllLinks:
    """Every link of every entry, read once for each revision of the knowledge."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._read: tuple[int, tuple[Placed, ...]] = (-1, ())

    def of(self, entry_id: str = "") -> list[Placed]:
        """The links of one entry, or of all."""
        revision = self._kb.revision
        if self._read[0] != revision:
            self._read = (revision, tuple(_placed(self._kb)))
        return [link for link in self._read[1] if entry_id in ("", link.entry_id)]


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/links`."""
    every = _AllLinks(desk.kb)
    _add_list(blueprint, desk, every)
    _add_check(blueprint, desk, every)


def _add_list(blueprint: Blueprint, desk: Desk, every: _AllLinks) -> None:
    @blueprint.get("/links")
    @guard.needs("viewer")
    def links() -> str:
        entry_id, only = request.args.get("entry", ""), request.args.get("only", "")
        rows = _rows(every.of(entry_id), _checks(desk))
        shown = [row for row in rows if _is_wanted(row, only)]
        part = paging.asked(len(shown), PAGE_SIZE)
        return render_template(
            "staff/links.html",
            rows=part.of(shown),
            count=len(shown),
            part=part,
            troubles=sum(row.needs_a_hand for row in rows),
            unchecked=sum(row.check is None for row in rows),
            entry_id=entry_id,
            only=only,
            outcomes=OUTCOMES,
            states=STATES,
        )


def _add_check(blueprint: Blueprint, desk: Desk, every: _AllLinks) -> None:
    one_at_a_time = Lock()

    @blueprint.post("/links/check")
    @guard.needs("editor")
    def check_links() -> Response:
        entry_id = request.form.get("entry", "")
        if one_at_a_time.acquire(blocking=False):
            try:
                flash(_check(desk, every.of(entry_id), entry_id))
            finally:
                one_at_a_time.release()
        else:
            flash(BUSY)
        return redirect(url_for("staff.links", entry=entry_id or None), 303)


def _check(desk: Desk, links: Sequence[Placed], entry_id: str) -> str:
    """Ask the addresses that were not asked for longest, keep what they say, and tell how it went."""
    urls = oldest_first(links, _checks(desk))
    results = ask(desk.check_link, urls[:AT_ONCE], WHOLE_SECONDS)
    with store.writing(desk.records) as connection:
        for result in results:
            link_checks.put(connection, result, desk.clock())
        detail = {"count": len(results)}
        audit.note(
            connection, guard.me(), Act("check_links", entry_id or "*", detail=detail), desk.clock()
        )
    return _told(results, len(urls) - len(results))


def oldest_first(links: Iterable[Placed], checks: Mapping[str, LinkCheck]) -> list[str]:
    """Each address once, those that were never asked first."""
    return sorted({link.url for link in links}, key=lambda url: (_asked_at(checks, url), url))


def ask(
    check: Callable[[str], LinkResult], urls: Sequence[str], seconds: float
) -> list[LinkResult]:
    """The results that came in time, a few addresses being asked side by side."""
    pool = ThreadPoolExecutor(WORKERS)
    try:
        asked = [pool.submit(check, url) for url in urls]
        done, _ = wait(asked, timeout=seconds)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [one.result() for one in asked if one in done]


def _told(results: Sequence[LinkResult], left: int) -> str:
    if not results and not left:
        return NOTHING
    if results and all(result.outcome == "unreachable" for result in results):
        return NO_WAY_OUT
    told = CHECKED.format(count=len(results))
    return f"{told}{MORE.format(left=left)}" if left else told


def _placed(kb: KnowledgeBase) -> Iterable[Placed]:
    for stored in kb.all_entries():
        entry = stored.entry
        for link in entry.links:
            yield Placed(entry.id, entry.title, entry.state, link.label, link.url)


def _rows(links: Iterable[Placed], checks: Mapping[str, LinkCheck]) -> list[Row]:
    return sorted((Row(link, checks.get(link.url)) for link in links), key=lambda row: row.order)


def _is_wanted(row: Row, only: str) -> bool:
    if only == "trouble":
        return row.needs_a_hand
    return only != "unchecked" or row.check is None


def _checks(desk: Desk) -> dict[str, LinkCheck]:
    with store.reading(desk.records) as connection:
        return link_checks.by_url(connection)


def _asked_at(checks: Mapping[str, LinkCheck], url: str) -> float:
    return checks[url].checked_at if url in checks else 0.0
