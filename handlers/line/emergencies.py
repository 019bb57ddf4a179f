"""Answer an emergency or a crisis: the right telephone first, in words and as large buttons."""

from dataclasses import replace

from handlers.line import shapes, words
from handlers.line.reply import Reply
from handlers.line.shapes import Message
from knowledge import hotlines
from knowledge.emergency import Alarm
from knowledge.hotlines import Hotline


def answer(alarm: Alarm) -> Reply:
    """The telephone lines and nothing else."""
    lines = _lines(alarm)
    text = "\n\n".join([words.URGENT[alarm.kind], _listed(lines), words.URGENT_NOT_HERE])
    return Reply((shapes.text(text), _card(lines)), decision="emergency")


def beside(alarm: Alarm, ordinary: Reply) -> Reply:
    """In doubt between crisis and speech: the lines first, then the ordinary answer.

    Where there is no ordinary answer, the lines are the answer.
    """
    if ordinary.decision == "none":
        return answer(alarm)
    lines = _lines(alarm)
    text = "\n\n".join([words.CARE, _listed(lines), words.CARE_THEN])
    messages = (shapes.text(text), _card(lines), *ordinary.messages)
    return replace(ordinary, messages=messages[: shapes.MAX_MESSAGES])


def _lines(alarm: Alarm) -> list[Hotline]:
    known = hotlines.by_id()
    return [known[line] for line in alarm.hotlines]


def _listed(lines: list[Hotline]) -> str:
    return "\n".join(_in_words(line) for line in lines)


def _in_words(line: Hotline) -> str:
    said = words.URGENT_LINE.format(name=line.name, number=line.number, when=line.when)
    if not line.alt:
        return said
    return f"{said}\n{words.URGENT_ALT.format(number=line.alt)}"


def _card(lines: list[Hotline]) -> Message:
    buttons = [
        shapes.call_button(f"{line.number} {line.name}", line.number, primary=True)
        for line in lines
    ]
    alt = "、".join(f"{line.name} {line.number}" for line in lines)
    return shapes.bubble(words.URGENT_TITLE, [], buttons, alt=f"{words.URGENT_TITLE}：{alt}")
