"""What somebody hostile writes, put where citizens and staff can write; and what must not come back."""

import io
import re
import secrets
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.simulator import events
from handlers.staff import changes, people_pages
from handlers.staff.changes import Proposed, Wish
from handlers.staff.desk import Desk
from knowledge.entry import Link
from knowledge.records import link_checks, store
from knowledge.records.accounts import Person
from knowledge.records.link_checks import LinkResult
from knowledge.replay import Answer, Changed, ReplayResult
from tests.handlers.staff.conftest import BY, PASSWORD, StaffClient
from tests.handlers.staff.files import an_xlsx, cells_of
from tests.handlers.staff.filled import fields
from tests.handlers.staff.proposals import NOTHING_CHANGES, compared, reworded, stored, work_off
from tests.localbot import LocalBot

LONG = "W" * 5000
"""As much as LINE lets a citizen send, and nowhere to break the line."""

TEXTS = (
    "<script>alert(7)</script>",
    '"><img src=x onerror=alert(7)>',
    "' onmouseover=alert(7) hostile='",
    "</textarea></title><hostile>",
    "{{7*7777}}{% raw %}${7*7777}",
    '=HYPERLINK("https://evil.example.jp","ここ")',
    "@SUM(1+1)",
    " =1+1",
    "\u3000＝1+1",
    "-1+1",
    "\t+1+1",
    "みぎから\u202eひだり\u2066へ",
    "ベルを\x07\x85\x1b鳴らす",
    "無\x00の字",
    "み\u200bえ\u200dな\ufeffい",
    LONG,
)
SHORT = " ".join(TEXTS[:-1]).replace("\0", "")
"""Without the letter that no page of the site takes."""

NAME = '=1+1"><img src=x onerror=alert(7)>\u202e{{7*7777}}'
"""Short enough for a name and a title."""

FILE_NAME = "=1+1<img src=x onerror=alert(7)>\u202e{{7*7777}}.xlsx"
WORD = "W" * 90
PAYLOAD_RAN = str(7 * 7777)
SAID_BY = 3
"""Fewer people's questions stay out of the exports."""

PUBLISHED, MOVED, UNPUBLISHED = "library", "smartphone-salon", "hostile-new"
Places = dict[str, list[str]]
"""What each part of an address may be: `entry_id` and so on."""


class _Page(HTMLParser):
    """What came through; what stands in a field for somebody to go on typing may stay as it is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_typed = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag or an attribute that no template wrote, or an address that acts."""
        self._is_typed = tag == "textarea"
        given = {name: value or "" for name, value in attrs}
        if tag == "hostile" or "hostile" in given:
            self.found.append(f"<{tag}> came through")
        for name, value in given.items():
            self.found += unseen(value) if name != "value" else []
            if name in ("href", "src", "action") and re.match(
                r"\W*(javascript|data):", value, re.I
            ):
                self.found.append(f"<{tag}> acts")

    def handle_endtag(self, tag: str) -> None:
        """The end of what is typed."""
        self._is_typed = self._is_typed and tag != "textarea"

    def handle_data(self, data: str) -> None:
        """The page's words."""
        self.found += [] if self._is_typed else unseen(data)


def came_through(html: str) -> list[str]:
    """What a page does not keep harmless: markup, templates, marks nobody sees."""
    ran = ["a template ran"] if PAYLOAD_RAN in html else []
    return ran + _Page(html).found


def unseen(text: str) -> list[str]:
    """The marks in a text that act on it and are not seen."""
    return [
        f"U+{ord(letter):04X} in {text[:60]!r}"
        for letter in text
        if letter not in "\n\r\t" and unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs")
    ]


def is_formula(cell: str) -> bool:
    """True when a spreadsheet may calculate a cell, whatever blanks stand before it."""
    seen = "".join(letter for letter in cell if unicodedata.category(letter) != "Cf")
    text = unicodedata.normalize("NFKC", seen).strip()
    return text.startswith(("=", "+", "-", "@")) and not re.fullmatch(r"-[\d.,]+", text)


def rules(app: Flask) -> list[Rule]:
    """Every address of the site that can be opened."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff/")
        and "GET" in (rule.methods or ())
        and rule.endpoint != "staff.static"
    ]


def addresses(rule: Rule, places: Places) -> list[str]:
    """The address with every value of its parts; a part nobody knows breaks the test."""
    names = sorted(rule.arguments)
    found = []
    for values in product(*(places[name] for name in names)):
        built = rule.build(dict(zip(names, values, strict=True)))
        assert built is not None
        found.append(built[1])
    return found


def somebody(bot: LocalBot) -> tuple[Person, str]:
    """A colleague with a hostile name who may do everything, and the invitation."""
    person = Person(secrets.token_hex(16), f"{secrets.token_hex(4)}@example.jp", NAME, "admin")
    return person, people_pages.invite(bot.parts.desk(), BY, person)


@pytest.fixture(scope="module")
def staff(bot: LocalBot) -> StaffClient:
    """That colleague, signed in."""
    person, link = somebody(bot)
    client = StaffClient(bot.app.test_client(), None)
    client.post(link.removeprefix(bot.url), password=PASSWORD, again=PASSWORD)
    client.person = person
    return client


def arrange(bot: LocalBot, staff: StaffClient) -> Places:
    """Write everything hostile everywhere; gives the addresses where it can be read."""
    assert staff.person is not None
    citizens_ask(bot)
    places = _questions_answered(staff)
    places |= _changes(bot.parts.desk(), staff.person)
    _drafts(staff)
    _links(bot.parts.desk())
    staff.post("/staff/settings/soon_days", value="31", reason=SHORT[:200])
    other, link = somebody(bot)
    stopped, _ = somebody(bot)
    people_pages.stop(bot.parts.desk(), staff.person, stopped, SHORT)
    return places | {
        "entry_id": [PUBLISHED, MOVED, UNPUBLISHED],
        "upload_id": [_import(bot.parts.desk(), staff)],
        "token": [link.rpartition("/")[2]],
        "person_id": [other.person_id, stopped.person_id],
        "name": ["hours", "weekdays", "soon_days"],
    }


def citizens_ask(bot: LocalBot) -> None:
    """Every text by several citizens, through the webhook."""
    said = [events.text_event(text, user_id=_citizen()) for text in TEXTS * SAID_BY]
    assert bot.deliver(*said) == 200


def _questions_answered(staff: StaffClient) -> Places:
    """What staff do with each group of questions."""
    page = staff.get("/staff/questions?look=all&state=all").text
    keys = sorted(set(re.findall(r"/groups/([0-9a-f]{64})", page)))
    ids: list[str] = []
    assert staff.person is not None
    for key in keys:
        group = f"/staff/questions/groups/{key}"
        staff.post(f"{group}/comment", comment=SHORT)
        staff.post(f"{group}/assign?look=all", key=key, person=staff.person.person_id)
        ids += re.findall(r"/asked/([\w-]+)", staff.get(f"{group}?look=all&state=all").text)
    wording: dict[str, object] = {"key": keys[0], "text": NAME, "use-0": "1"}
    topic: dict[str, object] = {"topic": "new", "new_topic": NAME[:40], "reason": SHORT}
    staff.post(f"/staff/questions/groups/{keys[0]}/outside?look=all", 303, **wording, **topic)
    return {"key": keys, "event_id": ids}


def _changes(desk: Desk, person: Person) -> Places:
    """Changes that wait, are stale, and are done."""
    answers = Answer("answer", (PUBLISHED,)), Answer("none", ())
    told = tuple(Changed(text, text, 3, *answers, "worse") for text in TEXTS)
    worse = ReplayResult(real=9, recorded=9, changed=told, fallen=(), reworded=0)
    done = compared(desk, person, [_hostile(desk, PUBLISHED)], NOTHING_CHANGES)
    stale = compared(desk, person, [reworded(desk, PUBLISHED, WORD)], worse)
    changes.commit(desk, person, done, Wish(SHORT, overrides=True))
    waiting = compared(desk, person, [_hostile(desk, "bulky-waste")], worse)
    return {"job_id": [waiting.job_id, stale.job_id, done.job_id]}


def _hostile(desk: Desk, entry_id: str) -> Proposed:
    """An entry as an import could bring it."""
    now = stored(desk, entry_id)
    link = Link(SHORT, f"https://evil.example.jp/{WORD}", now.entry.sources[0].url)
    entry = replace(
        now.entry,
        title=NAME,
        summary=SHORT[:120],
        body=f"{SHORT}\n{LONG}",
        easy_ja=SHORT,
        phrasings=(*now.entry.phrasings, *(text.strip() for text in TEXTS[:-1]), WORD),
        owner=SHORT,
        contact=replace(now.entry.contact, department=SHORT, hours=SHORT),
        links=(link,),
        sources=(*now.entry.sources, replace(now.entry.sources[0], value=SHORT)),
        translations={"en": SHORT},
    )
    return Proposed(entry, now.revision)


def _drafts(staff: StaffClient) -> None:
    """A draft that was overtaken by a publication, and an entry that is not published yet."""
    page = f"/staff/entries/{MOVED}/edit"
    typed = fields(staff.get(page).text)
    written = dict.fromkeys(("title", "summary", "body", "easy_ja", "owner", "hours"), SHORT)
    written |= {"phrasings": f"{SHORT}\n{WORD}", "links-0-url": "javascript:alert(7)"}
    staff.post(page, 409, **{**typed, **written, "base_revision": "0", "action": "save"})
    staff.post("/staff/entries/new", title=NAME, phrasings=SHORT, entry_id=UNPUBLISHED)


def _links(desk: Desk) -> None:
    """What other people's servers answered."""
    with store.writing(desk.records) as connection:
        for number, entry in enumerate(one.entry for one in desk.kb.all_entries()):
            for link in entry.links:
                detail = TEXTS[number % len(TEXTS)]
                link_checks.put(connection, LinkResult(link.url, "moved", detail), desk.clock())


def _import(desk: Desk, staff: StaffClient) -> str:
    """A file with hostile cells, headings and name; the id under which it waits."""
    rows = [cells_of(題名=text.strip("\0"), 分野=text) for text in map(_writable, TEXTS)]
    rows += [cells_of(題名=WORD, くわしい説明=LONG, ID=PUBLISHED)]
    sheet = io.BytesIO(an_xlsx(rows))
    answer = staff.post("/staff/import", file=(sheet, FILE_NAME), may_add="y")
    upload_id = str(answer.location).rpartition("/")[2]
    work_off(desk, upload_id)
    return upload_id


def _writable(text: str) -> str:
    """Without what no workbook can hold."""
    return "".join(letter for letter in text if letter >= " " or letter == "\t")


def _citizen() -> str:
    return "U" + secrets.token_hex(16)
