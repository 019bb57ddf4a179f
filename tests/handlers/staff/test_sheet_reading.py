"""A file that was sent in is read in the background: it waits, survives a restart, or says why not."""

from dataclasses import replace

import pytest

from handlers.staff import changes, sheet_reading
from handlers.staff.desk import Desk
from knowledge.records import drafts, jobs, store
from knowledge.records.drafts import Draft
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.files import an_xlsx, cells_of
from tests.handlers.staff.sending import LIBRARY, a_new_summary, send, sent


def test_until_a_file_is_read_the_page_tells_how_far_it_is(client_as: ClientAs) -> None:
    client = client_as("publisher")

    address = send(client, a_new_summary()).location

    page = client.get(address).text
    assert "順番を待っています" in page
    assert "今の進みぐあいを見る" in page
    assert client.post(f"{address}/confirm").location == address


def test_a_file_whose_reader_died_is_read_by_the_next(client_as: ClientAs, desk: Desk) -> None:
    client = client_as("editor")
    with store.writing(desk.records) as connection:
        jobs.forget_old(connection, desk.clock() + jobs.KEPT_SECONDS + 1)
    address = send(client, a_new_summary()).location
    with store.writing(desk.records) as connection:
        job = jobs.get(connection, address.rsplit("/", 1)[1])
        assert job is not None
        jobs.take(connection, job, desk.clock() - jobs.LEASE_SECONDS - 1)
    later = replace(desk, clock=lambda: desk.clock() + 2 * jobs.LEASE_SECONDS)

    changes.run_next(later)

    assert "図書館の時間をお知らせします。</ins>" in client.get(address).text


def test_a_file_that_brings_two_readers_down_must_be_sent_again(
    client_as: ClientAs, desk: Desk
) -> None:
    client = client_as("editor")
    address = send(client, a_new_summary()).location
    with store.writing(desk.records) as connection:
        job = jobs.get(connection, address.rsplit("/", 1)[1])
        for _ in range(3):
            assert job is not None
            job = jobs.take(connection, job, desk.clock())

    page = client.get(address).text

    assert "処理が止まりました" in page
    assert "もう一度送る" in page


def test_a_file_that_turns_out_unreadable_says_so(client_as: ClientAs) -> None:
    client = client_as("editor")
    content = 'ID,題名\nlibrary,"図書館'.encode()

    page = client.get(sent(client, content, "a.csv")).text

    assert "CSVとして読めません" in page


def test_the_file_itself_is_not_kept_once_it_is_read(client_as: ClientAs, desk: Desk) -> None:
    client = client_as("editor")

    address = sent(client, a_new_summary())

    with store.reading(desk.records) as connection:
        job = jobs.get(connection, address.rsplit("/", 1)[1])
    assert job is not None
    assert job.request.keys() == {"proposed"}


@pytest.mark.parametrize("entry_id", ["my-new", "library"])
def test_a_colleague_s_draft_of_a_row_is_told_before_it_is_taken_in(
    client_as: ClientAs, desk: Desk, entry_id: str
) -> None:
    draft = Draft(entry_id, 0, 0, {"title": "同僚の下書き"}, "長崎花子", desk.clock())
    with store.writing(desk.records) as connection:
        drafts.put(connection, draft, 0)
    client = client_as("publisher")
    row = cells_of(LIBRARY, ID=entry_id, 結論="新しい要約です。", 言い回し="とくべつな言葉")

    page = client.get(sent(client, an_xlsx([row]), may_add="y")).text

    assert "このIDには、長崎花子 さんの公開前の下書きがあります。" in page
    assert '<td class="text-nowrap">知らせ</td>' in page


def test_of_a_long_file_the_page_shows_a_part_and_all_of_it_is_taken_in(
    client_as: ClientAs, desk: Desk
) -> None:
    client, count = client_as("publisher"), sheet_reading.SHOWN_CHANGES + 3
    rows = [
        cells_of(LIBRARY, ID=f"library-{n}", 言い回し="\n".join(f"本{n}の{m}" for m in range(12)))
        for n in range(count)
    ]

    address = sent(client, an_xlsx(rows), may_add="y")
    page = client.get(f"{address}?page=99").text
    change_id = client.post(f"{address}/confirm").location.rsplit("/", 1)[1]

    assert "10 / 10 ページ" in page
    assert "ここに出していない項目が、ほかに3あります。" in page
    with store.reading(desk.records) as connection:
        job = jobs.get(connection, change_id)
    assert job is not None
    assert len(changes.proposed_in(job)) == count
