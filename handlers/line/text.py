"""Answer what a citizen typed: a choice by number or words, a menu word, or a question."""

import re

from handlers.line import answers, commands, words
from handlers.line.event import Event
from handlers.line.reply import FREQUENT, MENU, Chat, Reply, Shown, with_choices
from knowledge.decide import Decision
from knowledge.records.offers import Option
from knowledge.text import compare_key, normalise

_NUMBER = re.compile(r"(\d{1,2})(?:ばん|番)?(?:め|目)?")


def answer(event: Event, chat: Chat) -> Reply:
    """The reply to a text message."""
    return say(event.text, chat)


def say(text: str, chat: Chat) -> Reply:
    """The reply to words, wherever they come from."""
    normal = normalise(text)
    if not normal and compare_key(text) not in commands.TYPED_COMMANDS:
        return with_choices(words.EMPTY, (MENU, FREQUENT), "none")
    chosen = _chosen(normal, chat)
    if chosen is not None:
        return chosen
    command = commands.TYPED_COMMANDS.get(compare_key(text))
    if command is not None:
        return commands.run(command, chat)
    return _found(chat.kb.find(text, chat.day), chat)


def _chosen(normal: str, chat: Chat) -> Reply | None:
    """What was offered before, chosen by its number or by its words."""
    number = _NUMBER.fullmatch(normal)
    if number is not None:
        position = int(number[1]) - 1
        if 0 <= position < len(chat.offered):
            return commands.run(chat.offered[position].command, chat)
        return commands.no_such_number(chat)
    key = compare_key(normal)
    for option in chat.offered:
        if compare_key(option.label) == key:
            return commands.run(option.command, chat)
    return None


def _found(decision: Decision, chat: Chat) -> Reply:
    if decision.kind == "none":
        return commands.not_found(chat)
    entries = chat.kb.snapshot(chat.day).entries
    if decision.kind == "answer":
        best = decision.matches[0]
        return answers.answer(entries[best.entry_id], chat, best.score)
    found = [(match, entries[match.entry_id]) for match in decision.matches]
    options = (
        *(answers.entry_option(entry) for _, entry in found),
        Option(words.LABEL_NONE_OF_THESE, "none_of_these"),
    )
    shown = tuple(Shown(entry.id, entry.title, match.score) for match, entry in found)
    return with_choices(words.CHOOSE, options, "choose", shown)
