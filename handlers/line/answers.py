"""Turn one knowledge entry into the answer a citizen reads: text first, then a card with buttons."""

from collections.abc import Sequence
from datetime import date

from handlers.line import feedback, shapes, words
from handlers.line.reply import MENU, Chat, Reply, Shown, numbered
from handlers.line.shapes import Message
from knowledge import plan
from knowledge.entry import Entry, Link
from knowledge.plan import StatusKind
from knowledge.records.offers import Option


def answer(entry: Entry, chat: Chat, score: float = 1.0) -> Reply:
    """The whole answer for one entry."""
    options = _options(entry, chat)
    asked = feedback.options((entry.id,))
    text = "\n\n".join([full_text(entry, chat.day), _choices(options), _question(options, asked)])
    card = _card(entry, options, feedback.buttons((entry.id,)))
    return _reply([shapes.text(text), card], (*options, *asked), [(entry, score)])


def several(found: list[tuple[Entry, float]], chat: Chat) -> Reply:
    """One text an entry, in the order asked, then one card for all."""
    entries = [entry for entry, _ in found]
    options = (*(entry_option(entry) for entry in entries), MENU)
    asked = feedback.options(tuple(entry.id for entry in entries))
    texts = [full_text(entry, chat.day) for entry in entries]
    texts[0] = f"{words.SEVERAL.format(count=len(entries))}\n\n{texts[0]}"
    texts[-1] = "\n\n".join([texts[-1], _choices(options), _question(options, asked)])
    buttons = [shapes.option_button(option) for option in options]
    buttons += feedback.buttons(tuple(entry.id for entry in entries))
    alt = "、".join(entry.title for entry in entries)
    card = shapes.bubble(words.CARD_CHOICES, [], buttons, alt=alt)
    return _reply([*map(shapes.text, texts), card], (*options, *asked), found)


def easy(entry: Entry, intro: str = "", score: float = 1.0) -> Reply:
    """The answer in やさしい日本語, where the entry has it; `intro` stands before it."""
    options = (Option(words.LABEL_FULL, f"entry:{entry.id}"), _phone_option(entry), MENU)
    title = words.EASY_OF.format(title=entry.title)
    told = f"{title}\n{entry.easy_ja or words.NO_EASY}"
    paragraphs = [intro, told, words.HUMAN_ROUTE, _choices(options)]
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return _reply([shapes.text(text), _card(entry, options)], options, [(entry, score)])


def phones(entry: Entry) -> Reply:
    """The telephone numbers of one entry, as text that can be copied."""
    lines = [words.PHONES_OF.format(title=entry.title), *_contact_lines(entry), words.HUMAN_ROUTE]
    return _short(entry, lines, _call_buttons(entry))


def page(entry: Entry, number: int) -> Reply:
    """The address of one page of an entry, as text that can be copied."""
    chosen = entry.links[number : number + 1]
    lines = [words.PAGE_OF.format(title=entry.title), *_page_lines(chosen), words.HUMAN_ROUTE]
    return _short(entry, lines, [shapes.uri_button(link.label, link.url) for link in chosen])


def full_text(entry: Entry, day: date) -> str:
    """Everything about an entry in plain words: it must do without card, colour or picture."""
    parts = [
        f"【{entry.title}】\n{entry.summary}",
        entry.body,
        "\n".join(status_lines(entry, day)),
        "\n".join([*_contact_lines(entry), words.HUMAN_ROUTE, *_page_lines(entry.links)]),
    ]
    return "\n\n".join(part for part in parts if part.strip())


def status_lines(entry: Entry, day: date) -> list[str]:
    """What the plan, or a better proof, says of the entry on that day; one line if all rows agree."""
    proved = plan.status(None, day, entry.available)
    if proved.kind is StatusKind.AVAILABLE:
        return [words.STATUS_IN_USE.format(status=proved.text)]
    rows = [plan.rows()[row] for row in entry.plan]
    statuses = [plan.status(row.marks, day, None) for row in rows]
    if len(set(statuses)) == 1:
        return [words.STATUS.format(status=statuses[0].text)]
    return [
        words.STATUS_OF_ROW.format(row=row.name, status=status.text)
        for row, status in zip(rows, statuses, strict=True)
    ]


def short_title(entry: Entry) -> str:
    """The title without its bracketed explanation, for buttons."""
    return entry.title.split("（")[0]


def entry_option(entry: Entry) -> Option:
    """The option that leads to an entry."""
    return Option(short_title(entry), f"entry:{entry.id}")


def _options(entry: Entry, chat: Chat) -> tuple[Option, ...]:
    """やさしい日本語, pages, telephone, related entries, menu: every button also has a number."""
    options = [Option(words.LABEL_EASY, f"easy:{entry.id}")] if entry.easy_ja else []
    options += [
        Option(link.label, f"page:{entry.id}:{number}") for number, link in enumerate(entry.links)
    ]
    options.append(_phone_option(entry))
    related = (chat.kb.entry(other, chat.day) for other in entry.related)
    options += [entry_option(other) for other in related if other is not None]
    return (*options, MENU)


def _phone_option(entry: Entry) -> Option:
    return Option(words.LABEL_PHONE, f"phone:{entry.id}")


def _card(entry: Entry, options: tuple[Option, ...], more: Sequence[Message] = ()) -> Message:
    buttons = [shapes.uri_button(link.label, link.url, primary=True) for link in entry.links]
    if not entry.links:
        buttons.append(shapes.uri_button(words.LABEL_HOME_PAGE, words.HOME_PAGE))
    buttons += _call_buttons(entry)
    buttons += [
        shapes.option_button(option)
        for option in options
        if option.command.startswith(("easy:", "entry:"))
    ]
    alt = f"{entry.title}。{entry.summary} {words.HUMAN_ROUTE}"
    return shapes.bubble(entry.title, [entry.summary], [*buttons, *more], alt=alt)


def _call_buttons(entry: Entry) -> list[Message]:
    buttons = []
    phone = entry.contact.phone
    if phone and phone != words.CALL_CENTRE_PHONE:
        buttons.append(shapes.call_button(f"{words.LABEL_CALL_DEPARTMENT} {phone}", phone))
    buttons.append(shapes.call_button(words.LABEL_CALL_CENTRE, words.CALL_CENTRE_PHONE))
    return buttons


def _contact_lines(entry: Entry) -> list[str]:
    contact = entry.contact
    lines = [words.DEPARTMENT.format(department=contact.department)]
    if contact.phone:
        lines.append(words.PHONE.format(phone=contact.phone))
    if contact.hours:
        lines.append(words.HOURS.format(hours=contact.hours))
    return lines


def _page_lines(links: Sequence[Link]) -> list[str]:
    if not links:
        return [words.NO_PAGE]
    return [words.PAGE.format(label=link.label, url=link.url) for link in links]


def _short(entry: Entry, lines: list[str], buttons: list[Message]) -> Reply:
    options = (entry_option(entry), MENU)
    text = "\n".join([*lines, "", _choices(options)])
    card = shapes.bubble(entry.title, [], buttons, alt=" ".join(lines))
    return _reply([shapes.text(text), card], options, [(entry, 1.0)])


def _choices(options: Sequence[Option]) -> str:
    return f"{words.HOW_TO_CHOOSE}\n{numbered(options)}"


def _question(before: Sequence[Option], asked: Sequence[Option]) -> str:
    """解決しましたか, its two answers numbered on after the other choices."""
    return f"{words.SOLVED}\n{numbered(asked, first=len(before) + 1)}"


def _reply(
    messages: list[Message], options: tuple[Option, ...], found: Sequence[tuple[Entry, float]]
) -> Reply:
    shown = tuple(Shown(entry.id, entry.title, score) for entry, score in found)
    ready = shapes.with_quick_replies(messages, options)
    return Reply(tuple(ready), options, "answer", shown)
