"""What is known of drafts without reading them: whose each is and when it was saved."""

from sqlalchemy import Engine

from knowledge.records import drafts, store
from knowledge.records.drafts import Draft, Head


def test_heads_are_the_drafts_without_their_texts_the_newest_first(records: Engine) -> None:
    older = Draft("library", 0, 1, {"title": "図書館"}, "花子", 100.0, "1" * 32)
    newer = Draft("moving", 0, 0, {"title": "引っ越し"}, "太郎", 200.0, "2" * 32)
    with store.writing(records) as connection:
        for draft in (older, newer):
            drafts.put(connection, draft, 0)

        heads = drafts.heads(connection)

    assert heads == [
        Head("moving", 200, "太郎", 200.0, "2" * 32),
        Head("library", 100, "花子", 100.0, "1" * 32),
    ]
