"""A file that was written some time ago: what others published since stays, unless both changed it."""

import csv
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from handlers.staff import changes, retiring, workbooks
from handlers.staff.desk import Desk
from knowledge import sheets
from knowledge.entry import Entry
from knowledge.records import jobs, store
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.proposals import stored
from tests.handlers.staff.sending import send_large, sent
from tests.load import busy_year

ADDED = "大きな家具ば捨てたか"
Cells = dict[str, str]


def exported(client: StaffClient) -> list[Cells]:
    """All entries, as a clerk takes them away."""
    text = client.get("/staff/export/file?format=csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sent_again(client: StaffClient, rows: list[Cells]) -> str:
    """The address of the page that shows what the edited file would change."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return sent(client, out.getvalue().encode("utf-8-sig"), "a.csv")


def publish(desk: Desk, entry_id: str, **fields: Any) -> None:
    """What a colleague does meanwhile."""
    before = stored(desk, entry_id)
    desk.kb.save(replace(before.entry, **fields), "同僚", before.revision)


def retire(desk: Desk, entry_id: str, successor: str) -> None:
    """What a colleague does who replaces one entry by another."""
    change = retiring.change(desk, stored(desk, entry_id), stored(desk, successor))
    for one in change.proposed:
        desk.kb.save(one.entry, "同僚", one.seen_revision)


def proposed(client: StaffClient, desk: Desk, address: str) -> list[Entry]:
    """What confirming the file would publish."""
    there = client.post(f"{address}/confirm").location
    with store.reading(desk.records) as connection:
        job = jobs.get(connection, there.rsplit("/", 1)[1])
    assert job is not None
    return [one.entry for one in changes.proposed_in(job)]


def row_of(rows: list[Cells], entry_id: str) -> Cells:
    """The row of an entry."""
    return next(row for row in rows if row["ID"] == entry_id)


@pytest.fixture
def rows(client_as: ClientAs) -> list[Cells]:
    """A file that was written before anything below happened."""
    return exported(client_as("publisher"))


def test_what_was_published_since_stays_and_only_edited_cells_change(
    client_as: ClientAs, desk: Desk, rows: list[Cells]
) -> None:
    client, bulky = client_as("publisher"), stored(desk, "bulky-waste").entry
    row_of(rows, "bulky-waste")["結論"] = "電話かネットで申し込みます。"
    publish(desk, "bulky-waste", phrasings=(*bulky.phrasings, ADDED))
    publish(desk, "passport", state="retired")

    address = sent_again(client, rows)
    page = client.get(address).text
    after = proposed(client, desk, address)

    assert "書き出したあとに公開された内容を残し" in page
    assert [entry.id for entry in after] == ["bulky-waste"]
    assert after[0].summary == "電話かネットで申し込みます。"
    assert ADDED in after[0].phrasings


def test_what_was_replaced_by_another_stays_replaced_though_a_cell_of_it_was_edited(
    client_as: ClientAs, desk: Desk, rows: list[Cells]
) -> None:
    client, bulky = client_as("publisher"), stored(desk, "bulky-waste").entry
    row_of(rows, "bulky-waste")["くわしい説明"] = "取り下げた項目の説明です。"
    row_of(rows, "library")["くわしい説明"] = "後継の項目の説明です。"
    publish(desk, "bulky-waste", phrasings=(*bulky.phrasings, ADDED))
    retire(desk, "bulky-waste", "library")

    after = {one.id: one for one in proposed(client, desk, sent_again(client, rows))}

    assert set(after) == {"bulky-waste", "library"}
    for entry_id, body in (("bulky-waste", "取り下げた項目の"), ("library", "後継の項目の")):
        now = stored(desk, entry_id).entry
        assert after[entry_id] == replace(now, body=f"{body}説明です。")
    assert after["bulky-waste"].successor == "library"
    assert ADDED in after["library"].phrasings


def test_an_older_text_that_came_back_stays(client_as: ClientAs, desk: Desk) -> None:
    client, old = client_as("publisher"), stored(desk, "library").entry
    publish(desk, "library", summary="まちがった結論です。")
    rows = exported(client)
    row_of(rows, "library")["担当課"] = "図書館の課"
    publish(desk, "library", summary=old.summary)

    after = proposed(client, desk, sent_again(client, rows))

    assert [(one.summary, one.contact.department) for one in after] == [(old.summary, "図書館の課")]


def test_a_version_that_a_spreadsheet_made_a_number_is_read(
    client_as: ClientAs, desk: Desk
) -> None:
    client = client_as("publisher")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/staff/export/file").get_data()))
    for row in book["項目"].iter_rows(min_row=2):
        row[-1].value = int(row[-1].value)
    out = io.BytesIO()
    book.save(out)
    publish(desk, "kokuho", title="国民健康保険のこと")

    page = client.get(sent(client, out.getvalue())).text

    assert "今の項目と同じです" in page
    assert "1行は、書き出したあとに公開された内容を残し" in page


def test_a_row_without_its_version_is_compared_with_today(
    client_as: ClientAs, desk: Desk, rows: list[Cells]
) -> None:
    client, before = client_as("publisher"), stored(desk, "water").entry
    row_of(rows, "water")[sheets.VERSION] = "　"
    publish(desk, "water", summary="同僚の結論です。")

    after = proposed(client, desk, sent_again(client, rows))

    assert after == [before]


def test_a_cell_that_both_changed_is_told_with_what_stands_there_now(
    client_as: ClientAs, desk: Desk, rows: list[Cells]
) -> None:
    client = client_as("publisher")
    row_of(rows, "library")["結論"] = "わたしの結論です。"
    publish(desk, "library", summary="同僚の結論です。")

    page = client.get(sent_again(client, rows)).text

    assert "ほかの人がここを公開しました（今は「同僚の結論です。」）" in page
    assert stored(desk, "library").entry.summary == "同僚の結論です。"


@pytest.mark.parametrize("written", ["abc", "99999999", "１２3456789012345"])
def test_a_version_that_was_never_is_told(
    client_as: ClientAs, rows: list[Cells], written: str
) -> None:
    client = client_as("publisher")
    row_of(rows, "water")[sheets.VERSION] = written

    page = client.get(sent_again(client, rows)).text

    assert sheets.VERSION in page
    assert "書き出" in page


def test_the_file_as_it_was_written_changes_nothing_whatever_came_since(
    client_as: ClientAs, desk: Desk, rows: list[Cells]
) -> None:
    client = client_as("publisher")
    publish(desk, "kokuho", title="国民健康保険のこと")

    page = client.get(sent_again(client, rows)).text

    assert "今の項目と同じです" in page


def test_ten_thousand_rows_that_this_site_wrote_are_taken_in(client_as: ClientAs) -> None:
    every = busy_year.entries(workbooks.MAX_ROWS)
    content = workbooks.write_xlsx(every, {entry.id: 1 for entry in every})

    answer = send_large(client_as("editor"), content)

    assert len(content) > 10_000_000
    assert answer.location.startswith("/staff/import/")
