"""Ask once after an answer whether it helped, and take the citizen's word for it."""

from handlers.line import words
from handlers.line.reply import MENU, Chat, Reply, with_choices
from knowledge.records.offers import Option

MAX_TAPS = 4


def options(entry_ids: tuple[str, ...]) -> tuple[Option, Option]:
    """はい and いいえ for an answer made of these entries."""
    joined = "+".join(entry_ids)
    return Option(words.LABEL_YES, f"solved:{joined}"), Option(words.LABEL_NO, f"unsolved:{joined}")


def solved(_: str, __: Chat) -> Reply:
    """The answer helped."""
    return with_choices(words.SOLVED_YES, (MENU,), "feedback")


def unsolved(entry_ids: str, _: Chat) -> Reply:
    """It did not: one tap tells why."""
    reasons = tuple(
        Option(label, f"reason:{code}:{entry_ids}")
        for code, label in words.UNSOLVED_REASONS.items()
    )
    text = f"{words.SOLVED_NO}\n\n{words.HUMAN_ROUTE}"
    return with_choices(text, (*reasons, MENU), "feedback")


def reason(_: str, __: Chat) -> Reply:
    """The reason is taken; a human knows more."""
    return with_choices(words.UNSOLVED_THANKS, (MENU,), "feedback")
