"""What the marks of the question log are called on the pages."""

from collections.abc import Mapping

from knowledge.entry import CATEGORIES, Entry
from knowledge.records.question_search import Kept

DECISIONS = {
    "none": "見つからなかった",
    "choose": "候補を示した",
    "answer": "答えた",
    "smalltalk": "あいさつなど",
    "emergency": "緊急の案内",
    "menu": "メニュー",
    "feedback": "感想",
}
STATES = {
    "open": "まだ見ていない",
    "mine": "自分の担当",
    "teaching": "教えて公開待ち",
    "taught": "教えた",
    "outside": "案内しない",
    "parked": "あとまわし",
    "all": "すべて",
}
ENGINES = {"": "どれでも", "words": "言葉と読みで探した", "meaning": "文の意味も使って探した"}
LANGUAGES = {"": "どれでも", "ja": "日本語", "en": "英語", "zh": "中国語", "ko": "韓国語"}
LOOKS = {"needed": "見直しが要る質問", "all": "すべての質問"}
ORDERS = {"people": "尋ねた人が多い順", "newest": "新しい順"}
REASONS = {
    "wrong": "内容がちがう",
    "old": "古い",
    "hard": "むずかしい",
    "still": "まだ困っている",
}
CHOICES = (
    ("state", "見直しの状態", STATES),
    ("look", "見る質問", LOOKS),
    ("decision", "答え方", {"": "どれでも", **DECISIONS}),
    ("category", "示した項目の分野", {"": "どれでも", **{name: name for name in CATEGORIES}}),
    ("language", "言葉", LANGUAGES),
    ("engine", "探し方", ENGINES),
    ("order", "並べ方", ORDERS),
)
"""The filters one chooses from: name, label, and what may be chosen."""


def steps(kept: Kept, titles: Mapping[str, str]) -> list[str]:
    """What the citizen did after the answer, one sentence each."""
    return [_step(step, titles) for step in kept.steps]


def titles(entries: Mapping[str, Entry]) -> dict[str, str]:
    """The title of every entry by its id."""
    return {entry_id: entry.title for entry_id, entry in entries.items()}


def _step(step: str, titles: Mapping[str, str]) -> str:
    name, _, rest = step.partition(":")
    if name == "entry":
        return f"「{titles.get(rest, rest)}」を選びました"
    if name == "reason":
        return f"理由：{REASONS.get(rest.partition(':')[0], rest)}"
    return _PLAIN.get(name, "ほかの操作をしました")


_PLAIN = {
    "none_of_these": "「どれでもない」を選びました",
    "solved": "「はい」（解決した）を選びました",
    "unsolved": "「いいえ」（解決していない）を選びました",
    "easy": "やさしい日本語を選びました",
    "phone": "電話番号を見ました",
    "page": "続きを見ました",
}
