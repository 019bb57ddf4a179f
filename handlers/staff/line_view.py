"""LINE's messages as plain data that a template can draw, and LINE's limits counted down."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import regex

from handlers.line import answers, shapes
from handlers.line.reply import Chat
from handlers.line.shapes import Message
from knowledge.entry import Entry

ButtonKind: TypeAlias = Literal["page", "call", "choice"]

MAX_BUBBLE_BYTES = 30_000
"""LINE says 30 KB; the smaller reading of a KB is the safe one."""

_LINK = re.compile(
    r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+|(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)"
)
_LETTER = regex.compile(r"\X")


@dataclass(frozen=True)
class Piece:
    """A part of a text; LINE underlines addresses and telephone numbers."""

    text: str
    is_link: bool


@dataclass(frozen=True)
class Button:
    """A button of a card: what stands on it, and the page or number behind it."""

    label: str
    kind: ButtonKind
    target: str
    is_primary: bool


@dataclass(frozen=True)
class Drawn:
    """One message: a text's pieces, or a card's title, lines and buttons."""

    kind: Literal["text", "card"]
    pieces: tuple[Piece, ...] = ()
    title: str = ""
    lines: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    alt: str = ""


@dataclass(frozen=True)
class Talk:
    """What a citizen sees in LINE after one message of theirs; `said` is that message."""

    said: str
    messages: tuple[Drawn, ...]
    quick_replies: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """How much of one of LINE's limits is used."""

    name: str
    used: int
    most: int
    unit: str = "文字"

    @property
    def left(self) -> int:
        """What still fits; negative when it does not."""
        return self.most - self.used


def talk(messages: Iterable[Message], said: str = "") -> Talk:
    """The messages of one reply, ready to be drawn."""
    shown = list(messages)
    items = shown[-1].get("quickReply", {}).get("items", []) if shown else []
    return Talk(
        said=said,
        messages=tuple(_drawn(message) for message in shown),
        quick_replies=tuple(item["action"]["label"] for item in items),
    )


def limits(entry: Entry, chat: Chat) -> list[Limit]:
    """LINE's limits on what would be sent for an entry, counted before anything is cut."""
    skeleton = replace(entry, title="題", summary="要", body="")
    reply = answers.answer(skeleton, chat)
    text, card = reply.messages[0]["text"], reply.messages[1]
    frame = shapes.units(text) - shapes.units(answers.full_text(skeleton, chat.day))
    full = frame + shapes.units(answers.full_text(entry, chat.day))
    alt = shapes.units(card["altText"]) - 2 + shapes.units(f"{entry.title}{entry.summary}")
    whole_card = answers.answer(entry, chat).messages[1]["contents"]
    counted = [
        Limit("ふつうの答えの文", full, shapes.MAX_TEXT_UNITS),
        *_of_easy(entry),
        Limit("通知に出る短い文", alt, shapes.MAX_ALT_UNITS),
        Limit("カードの題名", _letters(entry.title), shapes.MAX_TITLE),
        Limit("カードの結論", _letters(entry.summary), shapes.MAX_LINE),
        Limit("カードの重さ", _weight(whole_card), MAX_BUBBLE_BYTES, "バイト"),
        Limit("下に並ぶボタンの数", len(reply.options), shapes.MAX_QUICK_REPLIES, "個"),
    ]
    links = [link.label for link in entry.links]
    return counted + _of_labels(links, [option.label for option in reply.options])


def _of_easy(entry: Entry) -> list[Limit]:
    if not entry.easy_ja:
        return []
    skeleton = replace(entry, title="題", easy_ja="字")
    frame = shapes.units(answers.easy(skeleton).messages[0]["text"]) - 2
    used = frame + shapes.units(f"{entry.title}{entry.easy_ja}")
    return [Limit("やさしい日本語の答えの文", used, shapes.MAX_TEXT_UNITS)]


def _of_labels(links: Sequence[str], options: Sequence[str]) -> list[Limit]:
    """The fullest label of each kind; the others have more room."""
    kinds = (
        ("カードのボタン", links, shapes.MAX_BUTTON_LABEL),
        ("下に並ぶボタン", options, shapes.MAX_QUICK_LABEL),
    )
    fullest = [(name, max(labels, key=_letters), most) for name, labels, most in kinds if labels]
    return [Limit(f"{name}「{label}」", _letters(label), most) for name, label, most in fullest]


def _drawn(message: Message) -> Drawn:
    if message["type"] == "text":
        return Drawn("text", pieces=tuple(_pieces(message["text"])))
    contents = message["contents"]
    title, *lines = (part["text"] for part in contents["body"]["contents"])
    buttons = contents.get("footer", {}).get("contents", [])
    return Drawn(
        "card",
        title=title,
        lines=tuple(lines),
        buttons=tuple(_button(button) for button in buttons),
        alt=message["altText"],
    )


def _button(button: Message) -> Button:
    action: dict[str, Any] = button["action"]
    uri = str(action.get("uri", ""))
    is_call = uri.startswith("tel:")
    return Button(
        label=action["label"],
        kind="call" if is_call else "page" if uri else "choice",
        target=uri.removeprefix("tel:").replace("%23", "#"),
        is_primary=button["style"] == "primary",
    )


def _pieces(text: str) -> Iterable[Piece]:
    end = 0
    for found in _LINK.finditer(text):
        yield Piece(text[end : found.start()], is_link=False)
        yield Piece(found[0], is_link=True)
        end = found.end()
    yield Piece(text[end:], is_link=False)


def _letters(text: str) -> int:
    """As a reader counts them."""
    return len(_LETTER.findall(text))


def _weight(card: Message) -> int:
    return len(json.dumps(card, ensure_ascii=False).encode("utf-8", "surrogatepass"))
