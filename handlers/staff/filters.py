"""How times, roles and citizens' words look on the staff's pages."""

import re
import unicodedata
from datetime import UTC, datetime

from flask import Blueprint

from handlers.staff import guard
from knowledge.plan import JST

ROLE_NAMES = {
    "viewer": "見る人",
    "editor": "書く人",
    "publisher": "公開する人",
    "admin": "管理する人",
}
ROLE_HELP = {
    "viewer": "項目と質問の記録を見られます。",
    "editor": "見ることに加えて、下書きを書けます。",
    "publisher": "書くことに加えて、公開・取り下げ・取り込みができます。",
    "admin": "すべてに加えて、職員と設定を扱えます。",
}
NAVIGATION = (
    ("staff.entries", "項目", "viewer"),
    ("staff.try_it", "試す", "viewer"),
    ("staff.import_file", "取り込み・書き出し", "editor"),
    ("staff.questions", "市民の質問", "viewer"),
    ("staff.dashboard", "ようす", "viewer"),
    ("staff.people", "職員", "admin"),
    ("staff.all_settings", "設定", "admin"),
    ("staff.audit_trail", "操作の記録", "admin"),
)
"""The main pages: endpoint, label, and the least role that sees the link."""

_SHOWN = frozenset("\n\t")
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_JOINER = re.compile(rf"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])")


def register(blueprint: Blueprint) -> None:
    """Make the filters known to the templates of the whole site."""
    blueprint.add_app_template_filter(clock_time, "clock_time")
    blueprint.add_app_template_filter(visible, "visible")
    blueprint.add_app_template_filter(ROLE_NAMES.__getitem__, "role_name")
    blueprint.add_app_template_global(guard.me, "me")
    blueprint.add_app_template_global(lambda: NAVIGATION, "navigation")


def clock_time(seconds: float) -> str:
    """Seconds since 1970 → 2026年11月22日 9時05分, in Japan."""
    at = datetime.fromtimestamp(seconds, tz=UTC).astimezone(JST)
    return f"{at.year}年{at.month}月{at.day}日 {at.hour}時{at.minute:02}分"


def visible(text: str) -> str:
    """Citizens' words with control and direction marks spelt out, so that none acts on the page.

    What joins two emoji into one (家族 as three faces) stays: it is part of a letter.
    """
    joiners = {found.start() for found in _JOINER.finditer(text)}
    return "".join(
        letter if place in joiners or _is_plain(letter) else f"〔{ord(letter):04X}〕"
        for place, letter in enumerate(text)
    )


def _is_plain(letter: str) -> bool:
    return letter in _SHOWN or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs")
