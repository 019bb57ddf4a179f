"""The shape of one knowledge entry, and how it is read from plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

State = Literal["draft", "published", "retired"]
Confidence = Literal["official", "third_party", "inferred", "seed", "national"]

Category = Literal[
    "手続き・証明",
    "子育て・教育",
    "健康・福祉",
    "ごみ・くらし",
    "支払い・キャッシュレス",
    "スマホ・デジタル",
    "地図・防災",
    "観光・平和",
    "事業者",
]
CATEGORIES: tuple[str, ...] = get_args(Category)
"""The nine categories, in the order of the menu: what citizens ask most comes first."""

Audience = Literal["市民", "事業者", "訪問者"]

FIELD_WORDS = {
    "id": "ID",
    "title": "題名",
    "category": "分野",
    "audience": "だれのための案内か",
    "state": "状態",
    "summary": "結論",
    "body": "くわしい説明",
    "phrasings": "言い回し",
    "contact.department": "担当課",
    "contact.phone": "電話番号",
    "contact.hours": "受付時間",
    "links": "リンク",
    "plan": "計画の事業",
    "available": "使えるようになった日",
    "easy_ja": "やさしい日本語",
    "translations": "ほかの言葉",
    "related": "関連する項目",
    "owner": "見直しの担当課",
    "review_by": "見直す日",
    "valid_until": "公開を終える日",
    "sources": "出典",
}
"""What staff call each field, in forms and in sheets alike; a dot leads into a part."""

CONFIDENCE_WORDS: dict[str, str] = {
    "official": "長崎市の公式の発表",
    "national": "国・県の発表",
    "third_party": "ほかの記事など",
    "inferred": "ほかの事実から分かること",
    "seed": "長崎市DX推進計画",
}
"""What staff call each confidence."""

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Contact:
    """Whom to ask: a department, with telephone and hours where a source gives them."""

    __pydantic_config__ = _STRICT
    department: str
    phone: str | None = None
    hours: str | None = None


@dataclass(frozen=True)
class Link:
    """A page, and the source that proves its address."""

    __pydantic_config__ = _STRICT
    label: str
    url: str
    source: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Available:
    """An official source that says the service is in use, and since when."""

    __pydantic_config__ = _STRICT
    since: date
    source: str


@dataclass(frozen=True)
class Source:
    """One fact this entry rests on, where it stands and when it was written."""

    __pydantic_config__ = _STRICT
    value: str
    url: str
    confidence: Confidence
    date: str | None = None


@dataclass(frozen=True)
class Entry:
    """One service of the city, as citizens are told of it (DESIGN.md, "Knowledge entry")."""

    __pydantic_config__ = _STRICT
    id: str
    title: str
    category: Category
    audience: tuple[Audience, ...]
    summary: str
    body: str
    phrasings: tuple[str, ...]
    contact: Contact
    owner: str
    review_by: date
    links: tuple[Link, ...] = ()
    plan: tuple[str, ...] = ()
    available: Available | None = None
    easy_ja: str | None = None
    translations: Mapping[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    valid_until: date | None = None
    state: State = "published"
    sources: tuple[Source, ...] = ()

    def is_public(self, day: date) -> bool:
        """True when citizens may be shown it on that day."""
        return self.state == "published" and (self.valid_until is None or day <= self.valid_until)

    @property
    def successor(self) -> str | None:
        """The entry that took over the wordings of this retired one, and stands first in its place."""
        has_handed_over = self.state == "retired" and not self.phrasings and self.related
        return self.related[0] if has_handed_over else None


class EntryError(ValueError):
    """Plain data that is no entry; `problems` are sentences in Japanese that name the field."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


_ADAPTER = TypeAdapter(Entry)

_MESSAGES = {
    "missing": "必要な項目がありません",
    "unexpected_keyword_argument": "知らない項目です",
    "extra_forbidden": "知らない項目です",
    "literal_error": "決められた言葉ではありません",
    "string_type": "文字で書いてください",
    "tuple_type": "一覧（行頭に「- 」）で書いてください",
}


def from_data(data: Any) -> Entry:
    """Read an entry from plain data (of YAML or JSON); raises EntryError, saying what is wrong."""
    try:
        entry = _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise EntryError([_in_japanese(detail) for detail in error.errors()]) from error
    return entry


def to_data(entry: Entry) -> dict[str, Any]:
    """The entry as plain data that JSON can hold; `from_data` reads it back unchanged."""
    data: dict[str, Any] = _ADAPTER.dump_python(entry, mode="json")
    return data


def _in_japanese(detail: ErrorDetails) -> str:
    field_name = ".".join(map(str, detail["loc"])) or "全体"
    message = _MESSAGES.get(detail["type"], "書き方が正しくありません")
    return f"項目 {field_name}：{message}"
