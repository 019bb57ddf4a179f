"""The name of an entry in addresses: proposed from its title, checked, never given twice."""

import re
import unicodedata

import jaconv

from handlers.staff.desk import Desk
from handlers.staff.drafting import DRAFT_ACTIONS
from knowledge import history
from knowledge.records import audit, drafts, store
from knowledge.text import normalise
from knowledge.tokens import Tokenizer

MAX_LENGTH = 40
RESERVED = frozenset({"new"})
"""Words that are pages beside the entries."""

NOT_ONE = "半角の小文字の英字・数字・ハイフン（-）だけで、英字から始めてください。40文字までです。"
TAKEN = "この名前は、もう使われているか、前に使われていました。別の名前にしてください。"

_SHAPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def is_one(text: str) -> bool:
    """True for a name an entry may have."""
    is_short = len(text) <= MAX_LENGTH and text not in RESERVED
    return is_short and _SHAPE.fullmatch(text) is not None


def problem(desk: Desk, text: str) -> str:
    """What is wrong with a new entry's name, in a sentence; empty when it is free."""
    if not is_one(text):
        return NOT_ONE
    return TAKEN if _is_taken(desk, text) else ""


def proposed(desk: Desk, title: str) -> str:
    """A free name that sounds like the title."""
    base = _sound(desk.kb.tokenizer, title) or f"entry-{desk.today():%Y%m%d}"
    names = (base, *(f"{base[: MAX_LENGTH - 4].rstrip('-')}-{number}" for number in range(2, 1000)))
    return next((name for name in names if not problem(desk, name)), base)


def _is_taken(desk: Desk, entry_id: str) -> bool:
    """By an entry, a draft, or an entry that is gone: the trail remembers those."""
    if history.count(desk.kb, entry_id):
        return True
    with store.reading(desk.records) as connection:
        if drafts.get(connection, entry_id) is not None:
            return True
        return audit.is_told(connection, entry_id, DRAFT_ACTIONS)


def _sound(tokenizer: Tokenizer, title: str) -> str:
    """粗大ごみの申込み → sodai-gomi-moushikomi, as many words as fit."""
    name = ""
    for token in tokenizer.tokens(normalise(title)):
        word = _latin(token.reading) if token.is_content else ""
        longer = f"{name}-{word}".strip("-") if word else name
        if not is_one(longer):
            continue
        name = longer
    return name


def _latin(reading: str) -> str:
    written: str = jaconv.kana2alphabet(reading.replace("ー", ""))
    plain = unicodedata.normalize("NFKD", written).lower()
    return re.sub(r"[^a-z0-9]", "", plain)
