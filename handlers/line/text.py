"""Answer what a citizen typed: emergencies first, then choices, small talk, and questions."""

import re
from dataclasses import replace

from handlers.line import answers, commands, emergencies, shapes, words
from handlers.line.event import Event
from handlers.line.reply import FREQUENT, MENU, Chat, Reply, Shown, with_choices
from knowledge import emergency, language, privacy, smalltalk
from knowledge.decide import Decision
from knowledge.entry import Entry
from knowledge.privacy import Finding
from knowledge.records.offers import Option
from knowledge.records.questions import NO_QUESTION, OTHER_PLACE, OUTSIDE
from knowledge.text import compare_key, normalise

_NUMBER = re.compile(r"(\d{1,2})(?:ばん|番)?(?:め|目)?")
_QUESTION_MARKS = frozenset({"?", "？"})


def answer(event: Event, chat: Chat) -> Reply:
    """The reply to a text message."""
    return say(event.text, chat)


def say(text: str, chat: Chat) -> Reply:
    """The reply to words, wherever they come from.

    Personal data is taken out before anything is looked up. Emergencies come before everything
    but the menu's own words, of which "help" is one.
    """
    command = commands.TYPED_COMMANDS.get(compare_key(text))
    if command is not None:
        return commands.run(command, chat)
    findings = tuple(privacy.find(text, chat.kb.public_numbers(chat.day)))
    alarm = emergency.detect(text, chat.kb.tokenizer)
    if alarm is not None and alarm.is_sure:
        return replace(emergencies.answer(alarm), findings=findings)
    reply = _without_personal_data(text, findings, chat) if findings else _ordinary(text, chat)
    return emergencies.beside(alarm, reply) if alarm is not None else reply


def urgent(text: str, chat: Chat) -> Reply | None:
    """The answer to words that are surely an emergency; None for all others."""
    alarm = emergency.detect(text, chat.kb.tokenizer)
    return emergencies.answer(alarm) if alarm is not None and alarm.is_sure else None


def _without_personal_data(text: str, findings: tuple[Finding, ...], chat: Chat) -> Reply:
    rest = privacy.without(text, findings)
    if not normalise(rest):
        return _with_notice(_no_question(words.ONLY_PRIVATE), findings)
    return _with_notice(_ordinary(rest, chat), findings)


def _ordinary(text: str, chat: Chat) -> Reply:
    normal = normalise(text)
    if not normal and text.strip() not in _QUESTION_MARKS:
        return _no_question(words.EMPTY)
    if not normal:
        return commands.run("help", chat)
    chosen = _chosen(normal, chat)
    if chosen is not None:
        return chosen
    intent = smalltalk.detect(text, chat.kb.tokenizer)
    if intent is not None:
        return commands.small_talk(intent)
    decision = chat.kb.find(text, chat.day)
    return replace(_found(text, decision, chat), chance=decision.chance, reason=_reason(decision))


def _no_question(told: str) -> Reply:
    """There is nothing to look up, and nothing amiss."""
    return replace(with_choices(told, (MENU, FREQUENT), "none"), reason=NO_QUESTION)


def _reason(decision: Decision) -> str:
    if decision.other_place:
        return OTHER_PLACE
    return OUTSIDE if decision.is_outside else ""


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


def _found(text: str, decision: Decision, chat: Chat) -> Reply:
    if decision.other_place:
        return commands.other_place(decision.other_place)
    apology = words.APOLOGIES.get(language.detect(text), "")
    entries = chat.kb.snapshot(chat.day).entries
    found = [(entries[match.entry_id], match.score) for match in decision.matches]
    if apology and decision.kind == "answer" and found[0][0].easy_ja and len(found) == 1:
        return answers.easy(found[0][0], apology, found[0][1])
    return _apologising(apology, _told(decision, found, chat))


def _told(decision: Decision, found: list[tuple[Entry, float]], chat: Chat) -> Reply:
    if decision.kind == "none":
        return commands.not_found(chat)
    if decision.kind == "choose":
        return _offer(found)
    if len(found) > 1:
        return answers.several(found, chat)
    entry, score = found[0]
    return answers.answer(entry, chat, score)


def _offer(found: list[tuple[Entry, float]]) -> Reply:
    options = (
        *(answers.entry_option(entry) for entry, _ in found),
        Option(words.LABEL_NONE_OF_THESE, "none_of_these"),
    )
    shown = tuple(Shown(entry.id, entry.title, score) for entry, score in found)
    return with_choices(words.CHOOSE, options, "choose", shown)


def _apologising(apology: str, reply: Reply) -> Reply:
    """Say in the writer's language that the answer is in Japanese."""
    if not apology or len(reply.messages) >= shapes.MAX_MESSAGES:
        return reply
    return replace(reply, messages=(shapes.text(apology), *reply.messages))


def _with_notice(reply: Reply, findings: tuple[Finding, ...]) -> Reply:
    """Ask kindly not to send personal data, after the answer itself."""
    kinds = "、".join(dict.fromkeys(words.PRIVATE_KINDS[finding.type] for finding in findings))
    notice = shapes.text(words.PRIVATE_NOTICE.format(kinds=kinds))
    *first, last = reply.messages
    return replace(
        reply, messages=(*first, notice, last)[-shapes.MAX_MESSAGES :], findings=findings
    )
