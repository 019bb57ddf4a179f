"""What stands behind a button, a number or a menu word: a command, and the function that answers it."""

from collections.abc import Callable
from dataclasses import replace

from handlers.line import answers, feedback, words
from handlers.line.reply import FREQUENT, MENU, Chat, Reply, with_choices
from knowledge.entry import CATEGORIES, Entry
from knowledge.records.offers import Option
from knowledge.text import compare_key

FREQUENT_IDS = (
    "resident-record",
    "waste-collection-day",
    "waste-sorting",
    "bulky-waste",
    "mynumber-renewal",
    "moving",
    "kokuho",
    "tax-payment",
    "night-clinic",
    "smartphone-salon",
)
"""What citizens ask a city most (questions40.json, order inferred there), one tap from the menu."""

_TYPED = {
    "menu": "メニュー めにゆー menu もくじ 目次 一覧 分野 最初 最初から 戻る もどる",
    "help": "使い方 つかいかた ヘルプ help 使いかた",
    "frequent": "よくある質問 よくあるしつもん faq",
}
TYPED_COMMANDS = {
    compare_key(word): command for command, typed in _TYPED.items() for word in typed.split()
}
"""Words that are a command when they are the whole message."""


def run(command: str, chat: Chat) -> Reply:
    """Answer a command; an unknown or outdated one leads to the menu, never to an error."""
    return replace(_run(command, chat), chosen=command)


def _run(command: str, chat: Chat) -> Reply:
    name, _, rest = command.partition(":")
    if name in _PLAIN:
        return _PLAIN[name](chat)
    if name == "category" and rest in CATEGORIES:
        return category(rest, chat)
    if name in _OF_FEEDBACK:
        return _OF_FEEDBACK[name](rest, chat)
    entry_id, _, number = rest.partition(":")
    entry = chat.kb.entry(entry_id, chat.day)
    if entry is None or name not in _OF_ENTRY:
        return _categories(words.GONE, "menu")
    is_replaced = entry.id != entry_id  # an old button: what it named is not what is there now
    open_as = _OF_ENTRY["entry" if is_replaced else name]
    return open_as(entry, chat, int(number) if number.isdecimal() else 0)


def menu(_: Chat) -> Reply:
    """The categories."""
    return _categories(words.MENU, "menu")


def help_(_: Chat) -> Reply:
    """How to use the bot."""
    return with_choices(words.HELP, (MENU, FREQUENT), "menu")


def frequent(chat: Chat) -> Reply:
    """The entries asked for most."""
    return with_choices(words.FREQUENT, entry_options(FREQUENT_IDS, chat), "menu")


def category(name: str, chat: Chat) -> Reply:
    """The entries of one category."""
    entries = chat.kb.snapshot(chat.day).category(name)
    options = tuple(answers.entry_option(entry) for entry in entries)
    return with_choices(words.CATEGORY.format(category=name), (*options, MENU), "menu")


def none_of_these(_: Chat) -> Reply:
    """The citizen found nothing among the choices."""
    return _categories(words.NONE_OF_THESE, "none")


def not_found(_: Chat) -> Reply:
    """The bot found nothing, and says so."""
    return _categories(words.NOT_FOUND, "none")


def other_place(place: str) -> Reply:
    """Another municipality's matters: say whose guide this is."""
    return _categories(words.OTHER_PLACE.format(place=place), "none")


def small_talk(intent: str) -> Reply:
    """A calm word and the next useful step."""
    return with_choices(words.SMALL_TALK[intent], (MENU, FREQUENT), "smalltalk")


def no_such_number(chat: Chat) -> Reply:
    """A number was typed that stands for nothing."""
    if not chat.offered:
        return _categories(words.NOTHING_TO_CHOOSE, "menu")
    return with_choices(words.NO_SUCH_NUMBER, chat.offered, "menu")


def entry_options(ids: tuple[str, ...], chat: Chat) -> tuple[Option, ...]:
    """Options for those of the entries that are public, or for what took their place; each once."""
    found = (chat.kb.entry(entry_id, chat.day) for entry_id in ids)
    public = {entry.id: entry for entry in found if entry is not None}
    return tuple(answers.entry_option(entry) for entry in public.values())


def _categories(text: str, decision: str) -> Reply:
    options = tuple(Option(name, f"category:{name}") for name in CATEGORIES)
    return with_choices(text, (*options, FREQUENT), decision)


_PLAIN: dict[str, Callable[[Chat], Reply]] = {
    "menu": menu,
    "help": help_,
    "frequent": frequent,
    "none_of_these": none_of_these,
}
_OF_FEEDBACK: dict[str, Callable[[str, Chat], Reply]] = {
    "solved": feedback.solved,
    "unsolved": feedback.unsolved,
    "reason": feedback.reason,
}
_OF_ENTRY: dict[str, Callable[[Entry, Chat, int], Reply]] = {
    "entry": lambda entry, chat, _: answers.answer(entry, chat),
    "easy": lambda entry, _chat, _: answers.easy(entry),
    "phone": lambda entry, _chat, _: answers.phones(entry),
    "page": lambda entry, _chat, number: answers.page(entry, number),
}
