"""What a handler gives back: messages to send, and what the citizen may choose from next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from handlers.line import shapes, words
from handlers.line.shapes import Message
from knowledge.base import KnowledgeBase
from knowledge.privacy import Finding
from knowledge.records.offers import Option


@dataclass(frozen=True)
class Shown:
    """An entry the citizen was shown, with its search score (1.0 when chosen by hand)."""

    entry_id: str
    title: str
    score: float


@dataclass(frozen=True)
class Chat:
    """What a handler knows besides the event: the knowledge, the day, what was offered last.

    The knowledge is held as it is now: what is found and what is told of it are of one state.
    """

    kb: KnowledgeBase
    day: date
    offered: tuple[Option, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "kb", self.kb.pinned(self.day))


@dataclass(frozen=True)
class Reply:
    """Messages in order, the options behind their numbers, and what the record needs to know.

    `chosen` is the command the citizen picked; empty when a question was asked. `chance` and
    `reason` are told to staff only: see `questions.Question`.
    """

    messages: tuple[Message, ...] = ()
    options: tuple[Option, ...] = ()
    decision: str = ""
    shown: tuple[Shown, ...] = ()
    findings: tuple[Finding, ...] = ()
    chosen: str = ""
    chance: float | None = None
    reason: str = ""
    leaves_group: bool = False
    forgets_chat: bool = False


NOTHING = Reply()

MENU = Option(words.LABEL_MENU, "menu")
FREQUENT = Option(words.LABEL_FREQUENT, "frequent")


def numbered(options: Iterable[Option], first: int = 1) -> str:
    """「1. …」 a line for every option."""
    return "\n".join(f"{n}. {option.label}" for n, option in enumerate(options, start=first))


def with_choices(
    text: str, options: tuple[Option, ...], decision: str, shown: tuple[Shown, ...] = ()
) -> Reply:
    """A text with numbered options, the same options as buttons, and as quick replies."""
    full_text = f"{text}\n\n{words.HOW_TO_CHOOSE}\n{numbered(options)}"
    if words.CALL_CENTRE_PHONE not in text:
        full_text = f"{full_text}\n\n{words.HUMAN_ROUTE}"
    labels = "、".join(option.label for option in options)
    card = shapes.bubble(
        words.CARD_CHOICES,
        [],
        [shapes.option_button(option) for option in options],
        alt=words.ALT_CHOICES.format(labels=labels),
    )
    messages = shapes.with_quick_replies([shapes.text(full_text), card], options)
    return Reply(tuple(messages), options, decision, shown)
