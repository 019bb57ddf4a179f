"""Build LINE's message objects as plain data, always within LINE's limits (LINE.md §2)."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import regex

from handlers.line import words as said
from knowledge import phones
from knowledge.records.offers import Option
from knowledge.text import without_lone_surrogates

Message = dict[str, Any]

MAX_MESSAGES = 5
MAX_TEXT_UNITS = 5000
MAX_ALT_UNITS = 1500
MAX_QUICK_REPLIES = 13
MAX_QUICK_LABEL = 20
MAX_BUTTON_LABEL = 40
MAX_POSTBACK_DATA = 300
MAX_DISPLAY_TEXT = 60
MAX_URI = 1000

INK = "#1A1A1A"
MUTED = "#4A4A4A"
PAPER = "#FFFFFF"
ACCENT = "#00507A"
"""Explicit colours: LINE's dark mode must not turn them; ACCENT on PAPER has contrast 8.6:1."""

TINT = "#E3EEF4"

MAX_TITLE = 60
MAX_LINE = 300
MAX_LINES = 4
UNITS_PER_CHARACTER = 4
"""A card may weigh 30 KB (LINE.md §2): its parts are kept short, also in emoji of many units."""

_URI_SAFE = "/:?#[]@!$&'()*+,;=%~-._"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_GRAPHEME = regex.compile(r"\X")
ELLIPSIS = "…"


def text(words: str) -> Message:
    """A text message; what is beyond 5,000 UTF-16 units is cut with an ellipsis."""
    return {"type": "text", "text": clip_units(_sendable(words), MAX_TEXT_UNITS)}


def bubble(title: str, lines: Sequence[str], buttons: Sequence[Message], alt: str = "") -> Message:
    """A Flex bubble: a title, a few lines, then buttons one below the other."""
    kept = [clip(line, MAX_LINE) for line in lines if line.strip()][:MAX_LINES]
    body = [_flex_text(clip(title, MAX_TITLE), weight="bold", size="lg")]
    body += [_flex_text(line, size="md", color=MUTED) for line in kept]
    contents: Message = {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "spacing": "md",
            "backgroundColor": PAPER,
            "contents": body,
        },
    }
    if buttons:
        contents["footer"] = {
            "type": "box",
            "layout": "vertical",
            "spacing": "sm",
            "backgroundColor": PAPER,
            "contents": list(buttons),
        }
    alt_text = _sendable(alt or "。".join([title, *lines]))
    return {
        "type": "flex",
        "altText": clip_units(alt_text, MAX_ALT_UNITS),
        "contents": contents,
    }


def uri_button(label: str, uri: str, *, primary: bool = False) -> Message:
    """A button that opens a page (https) or a call (tel)."""
    action = {
        "type": "uri",
        "label": clip(label, MAX_BUTTON_LABEL),
        "uri": _sendable_uri(uri),
    }
    return _button(action, primary=primary)


def call_button(label: str, phone: str, *, primary: bool = False) -> Message:
    """A button that calls a number; where there is none to dial, it calls the city's call centre."""
    number = phones.dialled(phone) or said.CALL_CENTRE_PHONE
    return uri_button(label, "tel:" + number.replace("#", "%23"), primary=primary)


def option_button(option: Option, *, primary: bool = False) -> Message:
    """A button that chooses an option."""
    return _button(_postback(option, MAX_BUTTON_LABEL), primary=primary)


def with_quick_replies(messages: Sequence[Message], options: Sequence[Option]) -> list[Message]:
    """The messages, the last one with up to 13 quick replies: an extra, never the only way."""
    if not messages or not options:
        return list(messages)
    items = [
        {"type": "action", "action": _postback(option, MAX_QUICK_LABEL)}
        for option in options[:MAX_QUICK_REPLIES]
    ]
    return [*messages[:-1], {**messages[-1], "quickReply": {"items": items}}]


def clip(words: str, limit: int) -> str:
    """At most `limit` characters as a reader counts them; never empty, never half a character."""
    one_line = _sendable(words).replace("\n", " ")
    characters = _GRAPHEME.findall(one_line)
    if len(characters) > limit:
        one_line = "".join(characters[: limit - 1]) + ELLIPSIS
    return clip_units(one_line, limit * UNITS_PER_CHARACTER)


def clip_units(words: str, limit: int) -> str:
    """At most `limit` UTF-16 units, as LINE counts texts, cut between whole characters."""
    if units(words) <= limit:
        return words
    kept, left = [], limit - 1
    for character in _GRAPHEME.findall(words):
        left -= units(character)
        if left < 0:
            break
        kept.append(character)
    return "".join(kept) + ELLIPSIS


def units(words: str) -> int:
    """The length of a text as LINE counts it: UTF-16 code units."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def _sendable(words: str) -> str:
    """LINE refuses empty texts; NUL and lone surrogates would break what reads them."""
    cleaned = without_lone_surrogates(words).replace("\x00", "")
    return cleaned if cleaned.strip() else ELLIPSIS


def _sendable_uri(uri: str) -> str:
    """Percent-encoded; an address LINE would refuse for its length leads to the city's home page."""
    encoded = quote(_STRAY_PERCENT.sub("%25", _sendable(uri)), safe=_URI_SAFE)
    return encoded if len(encoded) <= MAX_URI else said.HOME_PAGE


def _flex_text(words: str, **style: str) -> Message:
    return {
        "type": "text",
        "text": _sendable(words),
        "wrap": True,
        "scaling": True,
        "color": INK,
        **style,
    }


def _button(action: Message, *, primary: bool) -> Message:
    return {
        "type": "button",
        "style": "primary" if primary else "secondary",
        "color": ACCENT if primary else TINT,
        "height": "sm",
        "scaling": True,
        "action": action,
    }


def _postback(option: Option, limit: int) -> Message:
    return {
        "type": "postback",
        "label": clip(option.label, limit),
        "data": option.command[:MAX_POSTBACK_DATA],
        "displayText": clip(option.label, MAX_DISPLAY_TEXT),
    }
