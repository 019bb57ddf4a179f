"""Whatever is signed, the door answers 200 or 400, never with an error of its own."""

import json

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.bot.signed import post_signed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b"{}",
        b"null",
        b"5",
        b'"events"',
        b'{"events":null}',
        b'{"events":{}}',
        b'{"events":"[]"}',
        b'{"events":5}',
        b'{"Events":[]}',
        b'{"events":[}',
        b'{"events":[]} trailing',
        b"\xff\xfe\x00",
        '{"events":[]}'.encode("utf-16"),
        '{"events":[]}'.encode("utf-16-le"),
        '{"events":[]}'.encode("utf-8-sig"),
        '{"destination":"長崎","events":[]}'.encode("shift_jis"),
        b"[" * 100_000,
        b'{"events":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"a":' * 50_000,
        b'{"events":[' + b"9" * 5_000 + b"]}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_signed_junk_is_refused(app: Flask, body: bytes) -> None:
    assert post_signed(app, body) == 400


@pytest.mark.parametrize(
    "body",
    [
        b'{"events":[]}',
        b'{"events":[NaN,Infinity,-Infinity,1e999]}',
        b'{"events":[null,5,"x",[],{},true]}',
        b'{"events":[{"type":"\\ud83d","webhookEventId":"\\udc00"}]}',
        b'{"events":[{"webhookEventId":"a\\u0000b"}]}',
        b'{"events":[' + b"9" * 4_000 + b"]}",
        b'{"events":[' + b"[" * 500 + b"]" * 500 + b"]}",
        b'{"events":[{"message":' + b'{"a":' * 400 + b"1" + b"}" * 401 + b"]}",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_odd_but_harmless_deliveries_are_accepted(app: Flask, body: bytes) -> None:
    assert post_signed(app, body) == 200


def test_no_depth_of_nesting_is_an_error_of_the_server(app: Flask) -> None:
    bodies = [b'{"events":[' + b"[" * n + b"]" * n + b"]}" for n in range(850, 1000)]

    statuses = {post_signed(app, body) for body in bodies}

    assert statuses == {200, 400}


@given(st.binary(max_size=200))
@settings(deadline=None)
@example(b'{"events":[{"source":{"type":"group"},"type":"message","replyToken":"x"}]}')
@example(b'{"events":[{"mode":5,"message":[],"source":"x","type":{},"replyToken":"x"}]}')
def test_no_signed_bytes_are_an_error_of_the_server(app: Flask, body: bytes) -> None:
    assert post_signed(app, body) in (200, 400)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.lists(ANY_JSON, max_size=4))
@settings(deadline=None)
def test_no_signed_events_are_an_error_of_the_server(app: Flask, found: list[object]) -> None:
    assert post_signed(app, json.dumps({"events": found}).encode()) == 200
