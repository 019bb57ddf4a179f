"""A file of which one row is right and another wrong is not taken in by half."""

from handlers.staff.desk import Desk
from knowledge import seed
from knowledge.records import jobs, store
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.files import an_xlsx, cells_of
from tests.handlers.staff.sending import LIBRARY, sent

OTHER = next(entry for entry in seed.load().entries if entry.id == "passport")


def test_a_file_with_something_to_mend_cannot_be_confirmed(client_as: ClientAs, desk: Desk) -> None:
    client = client_as("publisher")
    good = cells_of(LIBRARY, 結論="図書館の時間をお知らせします。")
    wrong = cells_of(OTHER, 見直す日="来年")

    address = sent(client, an_xlsx([good, wrong]))
    answer = client.post(f"{address}/confirm")

    page = client.get(address).text
    assert answer.location == address
    assert "図書館の時間をお知らせします。" in page
    assert f"{address}/confirm" not in page
    with store.reading(desk.records) as connection:
        assert jobs.unsettled(connection, ["import"]) == []
