"""What every reply must survive: LINE's limits, our house rules, and the SDK's models."""

from collections.abc import Sequence
from typing import Any

from linebot.v3.messaging import Message as SdkMessage

from bot.simulator.limits import check_house_rules, check_messages
from handlers.line.shapes import Message
from knowledge.base import KnowledgeBase
from tests.builders import DAY

CALL_CENTRE = "095-822-8888"
SHORT_QUESTIONS = ("証明書", "マイナンバーカード", "ごみ", "保険", "防災", "けんこう")


def problems(messages: Sequence[Message]) -> list[Any]:
    """What LINE or a reader would complain about, and what the SDK's models would lose."""
    sent = list(messages)
    return [*check_messages(sent), *check_house_rules(sent), *_lost_by_the_sdk(sent)]


def a_vague_question(kb: KnowledgeBase) -> str:
    """A question that the bot answers with choices, however the search is tuned today."""
    return next(words for words in SHORT_QUESTIONS if kb.find(words, DAY).kind == "choose")


def text_of(messages: Sequence[Message]) -> str:
    """The words of the text messages: what a reader without cards sees."""
    return "\n".join(message["text"] for message in messages if message["type"] == "text")


def button_actions(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The actions of all buttons below the cards, in order."""
    bubbles = [message["contents"] for message in messages if message["type"] == "flex"]
    footers = [bubble["footer"]["contents"] for bubble in bubbles if "footer" in bubble]
    return [button["action"] for buttons in footers for button in buttons]


def quick_actions(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The actions of the quick replies LINE would show: only the last message's."""
    return [item["action"] for item in messages[-1].get("quickReply", {}).get("items", [])]


def _lost_by_the_sdk(messages: list[Message]) -> list[tuple[Message, Message]]:
    """The messages whose keys or values the SDK's models would drop or change (LINE.md §5)."""
    read = [(message, SdkMessage.from_dict(message).to_dict()) for message in messages]
    return [(ours, theirs) for ours, theirs in read if ours != theirs]
