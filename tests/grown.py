"""Make entries as many cities would write them, and questions about them, for measuring growth; seeded."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import yaml

from knowledge import language, noise, places, seed
from knowledge.entry import Entry
from knowledge.index import Document
from knowledge.text import compare_key
from knowledge.tokens import Tokenizer

PHRASINGS = 10
SENTENCES = 3
NAMED = 0.6
"""How many phrasings name their place; two in five of the others speak of another thing."""
SWAPPED = 0.4

PLACE_ENDINGS = ("市", "町", "村", "区", "地区")
OFFICES = ("中央", "北部", "南部", "東", "西", "臨海", "駅前", "山手", "ふれあい", "いきいき")
HALLS = (
    "支所",
    "公民館",
    "センター",
    "出張所",
    "プラザ",
    "会館",
    "相談室",
    "図書室",
    "広場",
    "ホーム",
)
ENDINGS = (
    "教えてください",
    "が知りたいです",
    "はどうすればいい？",
    "について",
    "のことなんですが",
    "",
)
_THING = re.compile(r"[一-龠々]{2,4}|[ァ-ヶー]{3,8}")
_PARTICLE = re.compile(r"(?<=[一-龠ァ-ヶー])[のをはがにで](?=[一-龠ァ-ヶ])")
_SENTENCE_END = re.compile(r"(?<=。)\s*")


@dataclass(frozen=True)
class Question:
    """What a citizen of a made city asks, and the entry that answers it."""

    text: str
    entry_id: str


def documents(count: int) -> list[Document]:
    """So many entries, the first ones always the same, and the topics that the guide leaves out."""
    outside = [
        Document(f"@{topic}", topic, phrasings=tuple(examples), is_outside=True)
        for topic, examples in seed.out_of_scope().items()
    ]
    return [_document(number) for number in range(count)] + outside


def questions(entries: Sequence[Document], count: int, tokenizer: Tokenizer) -> list[Question]:
    """A sample's phrasings, each with its place, changed as hurried people change them."""
    dice = random.Random(f"questions:{len(entries)}")
    asked: dict[str, Question] = {}
    while len(asked) < count:
        entry = dice.choice(entries)
        if entry.is_outside:
            continue
        text = _asked(entry, dice, tokenizer)
        if compare_key(text) not in map(compare_key, (entry.title, *entry.phrasings)):
            asked[text] = Question(text, entry.id)
    return list(asked.values())


def _document(number: int) -> Document:
    """One entry of one city: a real one's words about another place, office and thing."""
    models, things, names = _models(), _things(), _names()
    dice = random.Random(f"entry:{number}")
    model = models[number % len(models)]
    city = number // len(models)
    place = names[city % len(names)] + PLACE_ENDINGS[city // len(names) % len(PLACE_ENDINGS)]
    office = dice.choice(OFFICES) + dice.choice(HALLS)
    told = _Telling(dice, place, office, dice.choice(things))
    phrasings = dice.sample(model.phrasings, min(PHRASINGS, len(model.phrasings)))
    return Document(
        id=f"{number}",
        title=f"{place}{dice.choice(('', office))}の{told.swapped(model.title)}",
        phrasings=tuple(map(told.phrasing, phrasings)),
        summary=told.sentence(model.summary),
        body="".join(map(told.sentence, _some_sentences(model, dice))),
    )


@dataclass(frozen=True)
class _Telling:
    """How one entry speaks of its city: the place, an office there, and a thing of its own."""

    dice: random.Random
    place: str
    office: str
    thing: str

    def phrasing(self, text: str) -> str:
        if self.dice.random() < NAMED:
            return f"{self.place}{self.dice.choice(('の', 'で', ' ', self.office + 'の'))}{text}"
        return self.swapped(text) if self.dice.random() < SWAPPED else text

    def sentence(self, text: str) -> str:
        return self.swapped(text.replace("長崎市", self.place)).replace(
            "市の", f"{self.place}の", 1
        )

    def swapped(self, text: str) -> str:
        """The text with one thing in it made the entry's own."""
        found = list(_THING.finditer(text))
        if not found:
            return f"{self.thing} {text}"
        match = self.dice.choice(found)
        return text[: match.start()] + self.thing + text[match.end() :]


def _asked(entry: Document, dice: random.Random, tokenizer: Tokenizer) -> str:
    text = dice.choice((entry.title, *entry.phrasings))
    place = entry.title.partition("の")[0]
    if place[:2] not in text:
        text = f"{place}の{text}"
    change = dice.choice(("kana", "typo", "keyword", "particle", "ending"))
    if change == "particle":
        return _PARTICLE.sub("", text, count=1) + dice.choice(ENDINGS)
    if change == "ending":
        return text.rstrip("？。") + dice.choice(ENDINGS)
    return noise.NOISES[change](text, dice, tokenizer)


def _some_sentences(model: Entry, dice: random.Random) -> Iterator[str]:
    sentences = [s for line in model.body.splitlines() for s in _SENTENCE_END.split(line) if s]
    chosen = sorted(dice.sample(range(len(sentences)), min(SENTENCES, len(sentences))))
    return (sentences[place] for place in chosen)


@cache
def _models() -> list[Entry]:
    return [_in_japanese(entry) for entry in seed.load().entries]


def _in_japanese(entry: Entry) -> Entry:
    phrasings = tuple(text for text in entry.phrasings if language.detect(text) == "ja")
    return replace(entry, phrasings=phrasings)


@cache
def _things() -> list[str]:
    """The things that the real entries' titles and phrasings speak of."""
    texts = (text for model in _models() for text in (model.title, *model.phrasings))
    return sorted({thing for text in texts for thing in _THING.findall(text)})


@cache
def _names() -> list[str]:
    """Names of places: real ones, then ones put together from their halves, as 上田, 川原: 上原."""
    data = yaml.safe_load(places.FILE.read_text(encoding="utf-8"))
    towns = [name for name in map(str, data["own"]) if re.fullmatch("[一-龠]{2}", name)]
    firsts, seconds = sorted({n[0] for n in towns}), sorted({n[1] for n in towns})
    made = [first + second for first in firsts for second in seconds if first != second]
    random.Random("names").shuffle(made)
    return list(dict.fromkeys([*towns, *made]))
