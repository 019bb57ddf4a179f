"""What the marks of the question log are called on the pages."""

import math
from collections.abc import Iterable, Mapping

from handlers.line.words import UNSOLVED_REASONS
from knowledge.entry import CATEGORIES, Entry
from knowledge.records import question_search, questions
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
DECLINED = {
    questions.OTHER_PLACE: "ほかの市や町のこと",
    questions.OUTSIDE: "案内しない話題",
    questions.NO_QUESTION: "質問のない文",
}
"""Why nothing was given, where nothing is amiss."""

MARKS = {
    **DECISIONS,
    **DECLINED,
    question_search.UNSOLVED: "「いいえ」と言われた",
    question_search.NONE_OF_THESE: "「どれでもない」と言われた",
    question_search.UNSURE: "自信のない答え",
}
"""How an asking went, as the queue tells it."""

STATES = {
    "open": "まだ見ていない",
    "mine": "わたしの担当",
    "teaching": "公開待ち",
    "taught": "教えた",
    "outside": "案内しない",
    "parked": "あとまわし",
    "all": "すべて",
}
ENGINES = {"": "どれでも", "words": "言葉と読みで探した", "meaning": "文の意味も使って探した"}
LANGUAGES = {"": "どれでも", "ja": "日本語", "en": "英語", "zh": "中国語", "ko": "韓国語"}
LOOKS = {
    question_search.NEEDED: "見直しが要る質問",
    question_search.UNSOLVED: "「いいえ」と言われた質問",
    question_search.NONE_OF_THESE: "「どれでもない」と言われた質問",
    question_search.UNSURE: "自信のない答えをした質問",
    question_search.EVERYTHING: "すべての質問",
}
ORDERS = {"people": "尋ねた人が多い順", "newest": "新しい順"}
CHOICES = (
    ("state", "見直しの状態", STATES),
    ("look", "見る質問", LOOKS),
    ("decision", "答え方", {"": "どれでも", **DECISIONS, **DECLINED}),
    ("category", "示した項目の分野", {"": "どれでも", **{name: name for name in CATEGORIES}}),
    ("language", "言葉", LANGUAGES),
    ("engine", "探し方", ENGINES),
    ("order", "並べ方", ORDERS),
)
"""The filters one chooses from: name, label, and what may be chosen."""


def steps(kept: Kept, titles: Mapping[str, str]) -> list[str]:
    """What the citizen did after the answer, one sentence each."""
    return [_step(step, titles) for step in kept.steps]


def decision(kept: Kept) -> str:
    """How a question was answered, and why not."""
    told = DECISIONS.get(kept.decision, kept.decision)
    return f"{told}（{DECLINED[kept.reason]}）" if kept.reason in DECLINED else told


def chance(kept: Kept) -> str:
    """How sure the bot was, in per cent; of what, depends on the decision."""
    if kept.chance is None:
        return "分かりません"
    return f"{_CHANCES.get(kept.decision, '正しい')}見込み {math.floor(100 * kept.chance)}％"


def engine(kept: Kept) -> str:
    """How the answer was searched for, in the words of the filter."""
    return ENGINES["meaning" if kept.engine.startswith("lexical+") else "words"]


def marks(found: Iterable[tuple[str, int]]) -> str:
    """How the askings of a group went."""
    return "、".join(f"{MARKS.get(mark, mark)} {count}回" for mark, count in found)


def titles(entries: Mapping[str, Entry]) -> dict[str, str]:
    """The title of every entry by its id."""
    return {entry_id: entry.title for entry_id, entry in entries.items()}


def _step(step: str, titles: Mapping[str, str]) -> str:
    name, _, rest = step.partition(":")
    if name == "entry":
        return f"「{titles.get(rest, rest)}」を選びました"
    if name == "reason":
        return f"理由：{UNSOLVED_REASONS.get(rest.partition(':')[0], rest)}"
    return _PLAIN.get(name, "ほかの操作をしました")


_CHANCES = {"answer": "正しい", "choose": "候補の中にある", "none": "近い項目の中にある"}
_PLAIN = {
    "none_of_these": "「どれでもない」を選びました",
    "solved": "「はい」（解決した）を選びました",
    "unsolved": "「いいえ」（解決していない）を選びました",
    "easy": "やさしい日本語を選びました",
    "phone": "電話番号を見ました",
    "page": "続きを見ました",
}
