"""Ask once after an answer whether it helped, and take the citizen's word for it."""

from handlers.line import shapes, words
from handlers.line.reply import MENU, Chat, Reply, with_choices
from handlers.line.shapes import Message
from knowledge.records.offers import Option


def options(entry_ids: tuple[str, ...]) -> tuple[Option, Option]:
    """はい and いいえ for an answer made of these entries."""
    joined = "+".join(entry_ids)
    return Option(words.LABEL_YES, f"solved:{joined}"), Option(words.LABEL_NO, f"unsolved:{joined}")


def buttons(entry_ids: tuple[str, ...]) -> list[Message]:
    """The same two as buttons, in words that tell what they answer."""
    labels = (words.BUTTON_YES, words.BUTTON_NO)
    pairs = zip(labels, options(entry_ids), strict=True)
    return [shapes.option_button(Option(label, option.command)) for label, option in pairs]


def solved(_: str, __: Chat) -> Reply:
    """The answer helped."""
    return with_choices(words.SOLVED_YES, (MENU,), "feedback")


def unsolved(entry_ids: str, _: Chat) -> Reply:
    """It did not: one tap tells why."""
    reasons = tuple(
        Option(label, f"reason:{code}:{entry_ids}")
        for code, label in words.UNSOLVED_REASONS.items()
    )
    return with_choices(words.SOLVED_NO, (*reasons, MENU), "feedback")


def reason(_: str, __: Chat) -> Reply:
    """The reason is taken; a human knows more."""
    return with_choices(words.UNSOLVED_THANKS, (MENU,), "feedback")
