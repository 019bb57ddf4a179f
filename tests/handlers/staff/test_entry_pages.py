"""The list of entries and the page of one: found by words, narrowed by filters, told in plain words."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from handlers.staff import entry_list, entry_words
from handlers.staff.desk import Desk
from handlers.staff.entry_list import Days, Wanted
from knowledge.entries import Stored
from knowledge.entry import Available, Confidence, Contact, Link, Source
from knowledge.records import drafts, link_checks, store
from knowledge.records.drafts import Draft
from knowledge.records.link_checks import LinkResult
from tests.builders import DAY, an_entry
from tests.handlers.staff.conftest import ClientAs

HOSTILE = "<script>alert(1)</script>\u202e{{7*7}}=1+1"
PAST, SOON, LATER = DAY - timedelta(1), DAY + timedelta(30), DAY + timedelta(31)
DAYS = Days.of(DAY, 30)


def put(desk: Desk, entry_id: str = "bulky-waste", **changes: object) -> None:
    """Change an entry of the knowledge, or add one."""
    stored = desk.kb.stored(entry_id)
    entry = stored.entry if stored else an_entry(id=entry_id)
    desk.kb.save(replace(entry, **changes), "試験", stored.revision if stored else 0)  # type: ignore[arg-type]


def draft(desk: Desk, entry_id: str, **document: object) -> None:
    """Begin a draft."""
    with store.writing(desk.records) as connection:
        new = Draft(entry_id, 0, 0, document, "書く 花子", desk.clock())
        drafts.put(connection, new, 0)


def ids(page: str) -> set[str]:
    """The entries that a page lists."""
    return set(re.findall(r'<h3><a class="citizen" href="/staff/entries/([^"]+)"', page))


def test_words_find_an_entry_by_any_of_its_texts(client_as: ClientAs) -> None:
    viewer = client_as("viewer")

    by_kana = viewer.get("/staff/entries?query=ソダイゴミ").text
    by_id = viewer.get("/staff/entries?query=bulky-waste").text
    by_two_words = viewer.get("/staff/entries?query=粗大　ステッカー").text

    assert all('href="/staff/entries/bulky-waste"' in page for page in (by_kana, by_id))
    assert 'href="/staff/entries/bulky-waste"' in by_two_words


def test_words_that_stand_nowhere_find_nothing_and_say_so(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries?query=どこにもない言葉.*").text

    assert "あてはまる項目はありません" in page


def test_a_citizens_question_is_ranked_as_the_bot_would(client_as: ClientAs, desk: Desk) -> None:
    question = "いらないソファを捨てたい"
    best = desk.kb.rank(question, desk.today()).matches[0].entry_id

    page = client_as("viewer").get(f"/staff/entries?query={question}&how=question").text

    first = page.partition('<ol class="entry-list')[2].partition("</li>")[0]
    assert f'href="/staff/entries/{best}"' in first


def test_filters_survive_the_next_page(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries?state=public&only=no_link&query=市").text

    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    asked = parse_qs(urlsplit(unescape(following)).query)
    assert asked == {"page": ["2"], "state": ["public"], "only": ["no_link"], "query": ["市"]}
    assert '<option value="public" selected>' in page


def test_filters_narrow_together(client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    both = "/staff/entries?category=ごみ・くらし&owner=廃棄物対策課&only=no_link"

    shown = ids(viewer.get(both).text)

    assert shown
    assert shown < ids(viewer.get("/staff/entries?category=ごみ・くらし").text)
    assert shown < ids(viewer.get("/staff/entries?owner=廃棄物対策課").text)


@pytest.mark.parametrize("page", ["0", "-3", "999", "x"])
def test_a_page_that_is_not_there_shows_one_that_is(client_as: ClientAs, page: str) -> None:
    answer = client_as("viewer").get(f"/staff/entries?page={page}&plan=nonsense&state=nonsense")

    assert 'class="entry-list' in answer.text


def test_the_warnings_count_and_lead_to_what_needs_a_hand(client_as: ClientAs, desk: Desk) -> None:
    yesterday = desk.today() - timedelta(1)
    put(desk, "library", review_by=yesterday, valid_until=desk.today())

    page = client_as("viewer").get("/staff/entries").text
    overdue = client_as("viewer").get("/staff/entries?only=overdue").text

    assert "見直す日を過ぎた項目が 1 件あります" in page
    assert "もうすぐ公開が終わる、または終わった項目が 1 件あります" in page
    assert 'href="/staff/entries/library"' in overdue
    assert "1 件が見つかりました" in overdue
    assert "（1日過ぎています）" in overdue


def test_a_draft_of_a_new_entry_is_in_the_list_and_has_a_page(
    client_as: ClientAs, desk: Desk
) -> None:
    draft(desk, "brand-new", title=HOSTILE)

    page = client_as("viewer").get("/staff/entries?only=draft").text
    own = client_as("editor").get("/staff/entries/brand-new").text

    assert 'href="/staff/entries/brand-new"' in page
    assert "まだ公開していない項目です" in own
    assert "/staff/entries/brand-new/edit" in own
    assert "<script>alert" not in page + own


def test_an_entrys_page_tells_its_facts(client_as: ClientAs, desk: Desk) -> None:
    link = Link("申込みのページ", "https://www.city.nagasaki.lg.jp/gone", "市のページ")
    put(
        desk, "telling", links=(link,), plan=("5-1-③-7",), related=("library",), phrasings=("あれ",)
    )
    with store.writing(desk.records) as connection:
        link_checks.put(connection, LinkResult(link.url, "gone", "404"), desk.clock())

    page = client_as("viewer").get("/staff/entries/telling").text

    assert "なくなっています" in page
    assert "令和8年度 △ 一部で実施" in page
    assert 'href="/staff/entries/library"' in page
    assert "いつの情報か分かりません" in page
    assert "公開中" in page


def test_hostile_text_is_inert_on_list_and_page(client_as: ClientAs, desk: Desk) -> None:
    put(
        desk,
        "hostile",
        title=HOSTILE,
        summary=HOSTILE,
        body=HOSTILE * 100,
        owner=HOSTILE,
        phrasings=(HOSTILE,),
        links=(Link(HOSTILE, "javascript:alert(1)", HOSTILE),),
        sources=(Source(HOSTILE, "javascript:alert(1)", "third_party", HOSTILE),),
        translations={HOSTILE: HOSTILE},
    )

    pages = [
        client_as("viewer").get("/staff/entries?query=alert").text,
        client_as("publisher").get("/staff/entries/hostile").text,
        client_as("publisher").get("/staff/entries/hostile/retire").text,
    ]

    assert all("〔202E〕" in page and "&lt;script&gt;" in page for page in pages)
    assert not any("<script>alert" in page for page in pages)
    assert not any("\u202e" in re.sub(r"<[^>]*>", "", page) for page in pages)
    assert not any('href="javascript' in page for page in pages)


def test_buttons_stand_by_role(client_as: ClientAs) -> None:
    pages = {
        role: client_as(role).get("/staff/entries/library").text
        for role in ("viewer", "editor", "publisher")
    }

    assert "/staff/entries/library/edit" not in pages["viewer"]
    assert "/staff/entries/library/edit" in pages["editor"]
    assert "/staff/entries/library/retire" not in pages["editor"]
    assert "/staff/entries/library/retire" in pages["publisher"]


def test_an_entry_that_is_not_there_is_a_calm_page(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries/never-was", status=404).text

    assert "ページが見つかりません" in page


@pytest.mark.parametrize(
    ("state", "valid_until", "name"),
    [
        ("published", None, "public"),
        ("published", DAY, "public"),
        ("published", PAST, "ended"),
        ("draft", None, "hidden"),
        ("retired", PAST, "retired"),
    ],
)
def test_a_state_is_what_citizens_can_see_that_day(
    state: str, valid_until: date | None, name: str
) -> None:
    entry = an_entry(state=state, valid_until=valid_until)

    assert entry_list.listed(Stored(entry, 1)).state_on(DAY) == name


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({"review_by": PAST}, {"overdue", "no_link", "no_easy_ja"}),
        ({"review_by": DAY, "valid_until": SOON}, {"due", "ending", "no_link", "no_easy_ja"}),
        ({"valid_until": LATER, "easy_ja": "やさしい"}, {"no_link"}),
        ({"review_by": PAST, "valid_until": PAST, "state": "retired"}, set()),
    ],
)
def test_what_an_entry_needs(changes: dict[str, object], needs: set[str]) -> None:
    row = entry_list.listed(Stored(an_entry(**changes), 1))

    assert {name for name in entry_list.TO_DO if entry_list.in_need([row], name, DAYS)} == needs


@pytest.mark.parametrize(
    "number", ["095-829-1414", "０９５－８２９－１４１４", "0958291414", "829-1414"]
)
def test_a_telephone_number_is_found_however_it_is_written(number: str) -> None:
    told = an_entry(contact=Contact("スマホ課", phone="095-829-1414"))
    rows = [entry_list.listed(Stored(entry, 1)) for entry in (told, an_entry(id="other"))]

    found = entry_list.matching(rows, Wanted(query=number), DAYS, ())

    assert [row.entry_id for row in found] == ["bulky-waste"]


@pytest.mark.parametrize("word", ["example.jp/gomi", "かりる", "borrow", "こども課"])
def test_every_text_of_an_entry_is_searched(word: str) -> None:
    told = an_entry(
        links=(Link("申込み", "https://example.jp/gomi", "https://example.jp/"),),
        easy_ja="本を かりる ところです。",
        translations={"en": "Borrow books."},
        owner="こども課",
    )

    assert entry_list.matching([entry_list.listed(Stored(told, 1))], Wanted(query=word), DAYS, ())


def test_when_the_plan_has_ended_its_entries_wait_for_somebody_to_look() -> None:
    planned = an_entry(plan=("1-1-①-1",), available=None, review_by=date(2030, 1, 1))
    told = replace(planned, available=Available(date(2026, 1, 18), "市の公表"))
    rows = [entry_list.listed(Stored(entry, 1)) for entry in (planned, told)]

    waiting = [
        entry_list.in_need(rows, "unconfirmed", Days.of(day, 30))
        for day in (date(2028, 3, 31), date(2028, 4, 1))
    ]

    assert waiting == [0, 1]


def test_the_plan_filter_knows_what_is_honest_today() -> None:
    studied = entry_list.listed(Stored(an_entry(plan=("5-1-③-7",)), 1))
    in_use = entry_list.listed(
        Stored(an_entry(plan=("5-1-③-7",), available=Available(PAST, "市のページ")), 1)
    )

    found = entry_list.matching([studied, in_use], Wanted(plan="available"), DAYS, ())

    assert found == [in_use]


@pytest.mark.parametrize(
    ("confidence", "written", "sentence"),
    [
        ("official", "2026-01-16", ""),
        ("official", "2026", ""),
        ("official", "2025-02頃", entry_words.OLD),
        ("official", None, entry_words.NO_DATE),
        ("official", "2025-99-99", entry_words.NO_DATE),
        ("third_party", "2026-10-02", entry_words.UNSURE["third_party"]),
        ("seed", "2025-03", ""),
    ],
)
def test_a_source_that_may_be_out_of_date_says_so(
    confidence: Confidence, written: str | None, sentence: str
) -> None:
    source = Source("値", "https://www.city.nagasaki.lg.jp/", confidence, written)

    assert entry_words.risk(source, DAY) == sentence


def test_days_are_told_as_people_count_them() -> None:
    words = [entry_words.left_words(day, DAY) for day in (PAST, DAY, SOON)]

    assert words == ["1日過ぎています", "今日まで", "あと30日"]
