"""Taking a file in: nothing is written before it is confirmed, and every mistake is told at once."""

import pytest

from handlers.staff import archive_limits, import_pages
from handlers.staff.desk import Desk
from knowledge import seed
from knowledge.records import jobs, store
from tests.handlers.staff import hygiene
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.files import a_csv, an_xlsx, cells_of
from tests.handlers.staff.sending import LIBRARY, PAGE, a_new_summary, send, send_large, sent


def test_the_page_shows_what_would_change_and_writes_nothing(
    client_as: ClientAs, desk: Desk
) -> None:
    revision = desk.kb.revision
    client = client_as("editor")

    page = client.get(sent(client, a_new_summary())).text

    assert "まだ何も書き込んでいません" in page
    assert '<del class="citizen d-block">' + LIBRARY.summary[:10] in page
    assert "図書館の時間をお知らせします。</ins>" in page
    assert desk.kb.revision == revision


def test_a_confirmed_file_becomes_a_change_with_the_revision_that_was_seen(
    client_as: ClientAs, desk: Desk
) -> None:
    client = client_as("publisher")
    stored = next(s for s in desk.kb.all_entries() if s.entry.id == LIBRARY.id)
    address = sent(client, a_new_summary())

    there = client.post(f"{address}/confirm").location

    with store.reading(desk.records) as connection:
        job = jobs.get(connection, there.rsplit("/", 1)[1])
    assert job is not None
    assert there.startswith("/staff/changes/")
    assert (job.kind, job.request["title"]) == ("import", "取り込み（変わる 1、新しい 0）：a.xlsx")
    assert job.request["proposed"][0]["seen_revision"] == stored.revision
    assert job.request["proposed"][0]["entry"]["summary"] == "図書館の時間をお知らせします。"
    assert desk.kb.revision == stored.revision


def test_a_file_is_confirmed_once(client_as: ClientAs) -> None:
    client = client_as("publisher")
    address = sent(client, a_new_summary())

    first = client.post(f"{address}/confirm").location
    second = client.post(f"{address}/confirm").location

    assert first.startswith("/staff/changes/")
    assert second == PAGE
    client.get(address, 404)


def test_nobody_else_sees_or_confirms_a_file(client_as: ClientAs) -> None:
    address = sent(client_as("editor"), a_new_summary())

    other = client_as("publisher")

    other.get(address, 404)
    assert other.post(f"{address}/confirm").location == PAGE


def test_an_editor_may_look_but_not_confirm(client_as: ClientAs) -> None:
    client = client_as("editor")
    address = sent(client, a_new_summary())

    page = client.get(address).text

    assert "取り込めるのは「公開する人」です" in page
    client.post(f"{address}/confirm", 403)


def test_three_mistakes_are_told_at_once_and_cannot_be_confirmed(client_as: ClientAs) -> None:
    client = client_as("publisher")
    row = cells_of(LIBRARY, 分野="本", 見直す日="来年", 題名="=1+1")

    address = sent(client, an_xlsx([row]))

    page = client.get(address).text
    assert "直すところが3か所あります" in page
    assert all(word in page for word in ("「本」は使えません", "日付は 2026-11-22", "式が入って"))
    assert "confirm" not in page
    assert client.post(f"{address}/confirm").location == address


def test_a_file_without_differences_has_nothing_to_confirm(client_as: ClientAs) -> None:
    client = client_as("publisher")
    exported = client.get("/staff/export/file?format=xlsx").data

    page = client.get(sent(client, exported)).text

    assert "取り込むものはありません" in page


def test_a_new_entry_needs_a_tick(client_as: ClientAs) -> None:
    client = client_as("publisher")
    content = an_xlsx([cells_of(LIBRARY, ID="library-new")])

    without = client.get(sent(client, content)).text
    with_tick = client.get(sent(client, content, may_add="y")).text

    assert "このIDの項目はありません" in without
    assert "新しい項目</span>" in with_tick
    assert "このIDの項目はありません" not in with_tick


def test_words_in_shift_jis_come_with_a_warning(client_as: ClientAs) -> None:
    client = client_as("editor")
    row = cells_of(LIBRARY, 結論="図書館の時間をお知らせします。", 言い回し="図書館は何時まで")

    page = client.get(sent(client, a_csv([row], "cp932"), "a.csv")).text

    assert "Shift_JIS（古い文字の種類）で読みました" in page


def test_hostile_words_stay_words(client_as: ClientAs) -> None:
    client = client_as("editor")
    headings = ['<script>alert("1")</script>', "\u202eメモ", "ID"]
    content = an_xlsx([["<img onerror=x>", "a", LIBRARY.id]], headings=headings)

    page = client.get(sent(client, content, "<b>\u202e.xlsx")).text

    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "〔202E〕メモ" in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsm", b"PK", "マクロの入ったファイルは受け取れません"),
        ("a.xlsx", archive_limits.OLD_OFFICE, "パスワード"),
        ("a.csv", b"", "ファイルが空です"),
        ("a.txt", b"hello", "Excel（.xlsx）か CSV（.csv）"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    client_as: ClientAs, name: str, content: bytes, words: str
) -> None:
    page = send(client_as("editor"), content, name, status=422).text

    assert words in page


def test_a_form_without_a_file_says_so(client_as: ClientAs) -> None:
    assert "ファイルを選んでください" in client_as("editor").post(PAGE, 422).text


def test_fifty_megabytes_are_refused_with_words(client_as: ClientAs) -> None:
    answer = send_large(client_as("editor"), b"\0" * 50_000_000)

    assert answer.status_code == 413
    assert "ファイルは40MBまでです" in answer.text
    assert hygiene.problems(answer.text) == []


def test_a_file_larger_than_other_bodies_may_be_is_read(client_as: ClientAs) -> None:
    answer = send_large(client_as("editor"), b"\0" * 2_000_000)

    assert answer.status_code == 422
    assert archive_limits.NOT_A_WORKBOOK in answer.text


def test_only_this_page_takes_large_bodies_and_only_from_the_signed_in(
    client_as: ClientAs,
) -> None:
    elsewhere = send_large(client_as("editor"), b"\0" * 2_000_000, "/staff/sign-out")
    nobody = send_large(client_as(""), b"\0" * 2_000_000)

    assert (elsewhere.status_code, nobody.status_code) == (413, 413)


def test_changes_are_shown_page_by_page(client_as: ClientAs) -> None:
    client = client_as("editor")
    rows = [cells_of(entry, 受付時間="8:00〜20:00頃") for entry in seed.load().entries[:25]]
    address = sent(client, an_xlsx(rows))

    first, second = client.get(address).text, client.get(f"{address}?page=2").text

    assert (first.count("<section"), second.count("<section")) == (import_pages.PER_PAGE, 5)
    assert "次の20項目" in first
    assert "前の20項目" in second


def test_an_export_holds_what_was_chosen(client_as: ClientAs) -> None:
    client = client_as("viewer")

    everything = client.get("/staff/export/file?format=csv").data.decode("utf-8-sig")
    chosen = client.get("/staff/export/file?format=csv&category=観光・平和&state=public")

    assert "library" in everything
    assert "library" not in chosen.data.decode("utf-8-sig")
    assert "観光・平和" in chosen.data.decode("utf-8-sig")
    assert "attachment" in chosen.headers["Content-Disposition"]
    assert chosen.headers["Cache-Control"] == "no-store"


def test_the_export_page_counts_what_is_chosen(client_as: ClientAs) -> None:
    client = client_as("viewer")

    assert "<strong>86</strong>" in client.get("/staff/export").text
    assert "<strong>0</strong>" in client.get("/staff/export?state=retired").text
    client.get("/staff/export/file?format=pdf", 404)


def test_what_the_list_can_choose_is_carried_over(client_as: ClientAs) -> None:
    client = client_as("viewer")

    page = client.get("/staff/export?query=図書館&only=no_link").text
    file = client.get("/staff/export/file?format=csv&query=図書館&only=no_link").data

    assert "リンクがない" in page
    assert '<input type="hidden" name="query" value="図書館">' in page
    assert 0 < file.decode("utf-8-sig").count("2027-03-31") < 40
