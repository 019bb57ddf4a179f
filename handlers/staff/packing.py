"""How a job's request holds what is proposed: the first entries at hand, all others packed away.

A page opens a job at every view, and a second of parsing 10,000 entries shows nobody more of them.
"""

import base64
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

Request: TypeAlias = Mapping[str, Any]
Documents: TypeAlias = Sequence[Request]
"""Each with the `entry` as data and the `seen_revision`."""

AT_HAND = 50
"""So many entries a page shows, and so many are packed together."""

FAST = 1
"""Half a second for 10,000 entries, which come down to a fifth."""


def packed(documents: Documents) -> dict[str, Any]:
    """A part of a request: `seen` has the id, the seen revision and the title of every entry."""
    starts = range(AT_HAND, len(documents), AT_HAND)
    return {
        "seen": [_seen(one) for one in documents],
        "proposed": list(documents[:AT_HAND]),
        "packed": [_pack(documents[start : start + AT_HAND]) for start in starts],
    }


def seen(request: Request) -> list[tuple[str, int, str]]:
    """The id, the seen revision and the title of every entry, without opening any."""
    found = request.get("seen")
    if found is None:  # not packed: a sheet's rows, or a job of an earlier version
        found = map(_seen, request.get("proposed", ()))
    return [(entry_id, revision, title) for entry_id, revision, title in found]


def at_hand(request: Request) -> list[Request]:
    """The first entries."""
    return list(request.get("proposed", ()))[:AT_HAND]


def unpacked(request: Request) -> list[Request]:
    """All entries."""
    return [*request.get("proposed", ()), *_opened(request.get("packed", ()))]


def some(request: Request, ids: Collection[str]) -> list[Request]:
    """Certain entries, opening no more than those packed with them."""
    if "seen" not in request:
        return [one for one in request.get("proposed", ()) if one["entry"]["id"] in ids]
    places = [place for place, (entry_id, *_) in enumerate(request["seen"]) if entry_id in ids]
    packs = sorted({place // AT_HAND for place in places})
    opened = [one for pack in packs for one in _pack_of(request, pack)]
    return [one for one in opened if one["entry"]["id"] in ids]


def _pack_of(request: Request, pack: int) -> list[Request]:
    return _opened([request["packed"][pack - 1]]) if pack else list(request["proposed"])


def _seen(one: Request) -> list[Any]:
    return [one["entry"]["id"], one["seen_revision"], one["entry"]["title"]]


def _pack(documents: Documents) -> str:
    text = json.dumps(documents, ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), FAST)).decode()


def _opened(packs: Sequence[str]) -> list[Request]:
    return [one for text in packs for one in json.loads(zlib.decompress(base64.b64decode(text)))]
