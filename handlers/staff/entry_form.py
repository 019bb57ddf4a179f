"""The form of an entry: every field with its help, and the way from a form to a document and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import (
    Choice,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from handlers.staff import entry_help as words
from handlers.staff.forms import JapaneseForm, RowList
from knowledge import phones, plan

Document = dict[str, Any]


def _plan_choices() -> list[SelectChoice]:
    return [SelectChoice(row.id, f"{row.id} {row.name}") for row in plan.rows().values()]


class KeptSelect(SelectField):  # type: ignore[misc]  # the library has no types
    """A choice that also shows what stands there when it is none of the choices, never dropping it."""

    def iter_choices(self) -> Iterator[Choice]:
        """「選んでください」, the choices, and the value that is none of them."""
        known = {"": "選んでください"}
        known |= {choice.value: choice.label for choice in self.choices or ()}
        if self.data and self.data not in known:
            known[self.data] = f"{self.data}（一覧にありません）"
        for value, label in known.items():
            yield Choice(value, label, value == (self.data or ""), {})


class KeptChecks(SelectMultipleField):  # type: ignore[misc]  # the library has no types
    """Boxes to tick, the ticked ones first: their order is the text's, and goes back unchanged."""

    def iter_choices(self) -> Iterator[Choice]:
        """What is ticked, known or not, then the others."""
        ticked = list(self.data or ())
        for value in dict.fromkeys((*ticked, *(choice.value for choice in self.choices))):
            yield Choice(value, value, value in ticked, {})


class LinkForm(Form):  # type: ignore[misc]  # the library has no types
    """A page that citizens are shown."""

    label = StringField("見出し", description=words.LINK_LABEL)
    url = StringField("ページの住所（URL）", description=words.LINK_URL)
    source = StringField("根拠にした出典の住所", description=words.LINK_SOURCE)
    checked_on = StringField("開けることを確かめた日（分かるとき）", description=words.DATE)


class SourceForm(Form):  # type: ignore[misc]  # the library has no types
    """A fact and where it stands."""

    value = TextAreaField("書かれている事実", description=words.SOURCE_VALUE)
    url = StringField("書かれている場所", description=words.SOURCE_URL)
    confidence = KeptSelect("出典の種類", choices=words.CONFIDENCE_CHOICES)
    date = StringField("いつの情報か（分かるとき）", description=words.SOURCE_DATE)


class TranslationForm(Form):  # type: ignore[misc]  # the library has no types
    """The answer in another language."""

    language = HiddenField()
    text = TextAreaField("訳")


class EntryForm(JapaneseForm):
    """All of an entry; what it was begun from goes along, so that nobody's text is overwritten."""

    seen_version = HiddenField()
    base_revision = HiddenField()
    seen = HiddenField()
    title = StringField("題名", description=words.TITLE)
    category = KeptSelect("分野", choices=words.CATEGORY_CHOICES, description=words.CATEGORY)
    audience = KeptChecks(
        "だれのための案内か",
        choices=words.AUDIENCE_CHOICES,
        description=words.AUDIENCE,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    summary = TextAreaField("結論（120字まで）", description=words.SUMMARY)
    body = TextAreaField("くわしい説明", description=words.BODY)
    phrasings = TextAreaField("言い回し（1行に一つ）", description=words.PHRASINGS)
    department = StringField("担当課", description=words.DEPARTMENT)
    phone = StringField("電話番号（分かるとき）", description=words.PHONE)
    hours = StringField("受付時間（分かるとき）", description=words.HOURS)
    links = RowList(FormField(LinkForm), "リンク", description=words.LINKS)
    plan = RowList(
        KeptSelect("計画の事業", choices=_plan_choices),
        "計画の事業",
        description=words.PLAN,
    )
    available_since = StringField("使えるようになった日", description=words.AVAILABLE_SINCE)
    available_source = StringField("そう書いてある出典の住所", description=words.AVAILABLE_SOURCE)
    easy_ja = TextAreaField("やさしい日本語", description=words.EASY_JA)
    translations = RowList(FormField(TranslationForm), "ほかの言葉", description=words.TRANSLATIONS)
    related = RowList(StringField("関連する項目"), "関連する項目", description=words.RELATED)
    owner = StringField("見直しの担当課", description=words.OWNER)
    review_by = StringField("見直す日", description=words.REVIEW_BY)
    valid_until = StringField("公開を終える日（決まっているとき）", description=words.VALID_UNTIL)
    sources = RowList(FormField(SourceForm), "出典", description=words.SOURCES)


ROWS = ("links", "plan", "related", "sources")
"""The fields whose rows staff add and remove."""

_NOT_SAID = {"links": ("checked_on",), "sources": ("date",)}
"""Columns of rows that are None when nothing is written."""


def form_of(document: Mapping[str, Any]) -> EntryForm:
    """The form that shows a document, finished or not."""
    contact = document.get("contact") or {}
    available = document.get("available") or {}
    same = {name: document.get(name) for name in (*_TEXTS, *_MAYBE, *ROWS)}
    return EntryForm(
        formdata=None,
        data={
            **same,
            "audience": list(document.get("audience") or ()),
            "phrasings": "\n".join(document.get("phrasings") or ()),
            "department": contact.get("department"),
            "phone": contact.get("phone"),
            "hours": contact.get("hours"),
            "available_since": available.get("since"),
            "available_source": available.get("source"),
            "translations": _translation_rows(document.get("translations") or {}),
        },
    )


def document_of(form: EntryForm, entry_id: str) -> Document:
    """What a form says, as a document: nothing checked, nothing left out but empty rows."""
    since, source = _text(form.available_since), _text(form.available_source)
    return {
        "id": entry_id,
        **{name: _text(form[name]) for name in _TEXTS},
        **{name: _text(form[name]) or None for name in _MAYBE},
        "audience": list(form.audience.data or ()),
        "phrasings": lines(form.phrasings.data),
        "contact": {
            "department": _text(form.department),
            "phone": phones.one_spelling(_text(form.phone)) or None,
            "hours": _text(form.hours) or None,
        },
        "links": _rows(form.links),
        "plan": [_text(row) for row in form.plan if _text(row)],
        "available": {"since": since, "source": source} if since or source else None,
        "translations": {
            row.form.language.data: _text(row.form.text)
            for row in form.translations
            if _text(row.form.text)
        },
        "related": [_text(row) for row in form.related if _text(row)],
        "state": "published",
        "sources": _rows(form.sources),
    }


def canonical(document: Mapping[str, Any]) -> Document:
    """A document as the form would send it back untouched, to compare it with one that was sent."""
    return document_of(form_of(document), str(document.get("id") or ""))


def change_rows(form: EntryForm, action: str) -> str:
    """Do what an "add-links" or "remove-links-2" button says; the id to look at next, or nothing."""
    verb, _, rest = action.partition("-")
    name, _, number = rest.partition("-")
    if name not in ROWS:
        return ""
    rows = form[name]
    if verb == "add":
        rows.append_entry()
        return f"{name}-{len(rows) - 1}"
    if verb == "remove" and number in map(str, range(len(rows))):
        rows.pop_entry(int(number))
    return str(name)


@dataclass(frozen=True)
class Problem:
    """A line of the summary at the top: where to go, what the field is called, what is wrong."""

    field_id: str
    label: str
    message: str


def attach(form: EntryForm, troubles: Iterable[tuple[str, str]]) -> list[Problem]:
    """Put (path, sentence) beside the fields, and give them for the summary in the form's order."""
    fields = {field.id: field for field in _walk(form)}
    found: dict[str, list[str]] = {}
    for path, message in troubles:
        field_id = _id_of(path, form)
        found.setdefault(field_id if field_id in fields else "title", []).append(message)
    for field_id, messages in found.items():
        _leaf(fields[field_id]).errors = messages
    return [
        Problem(field_id, _label(field_id, fields), " ".join(found[field_id]))
        for field_id in fields
        if field_id in found
    ]


def lines(text: str | None) -> list[str]:
    """The lines with something in them."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


_ELSEWHERE = {
    "contact": "department",
    "available": "available_since",
    "available.since": "available_since",
    "available.source": "available_source",
}
_TEXTS = ("title", "category", "summary", "body", "owner", "review_by")
_MAYBE = ("easy_ja", "valid_until")


def _walk(fields: Any) -> Iterator[Field]:
    for field in fields:
        yield field
        if isinstance(field, FormField):
            yield from _walk(field.form)
        elif isinstance(field, FieldList):
            yield from _walk(field.entries)


def _id_of(path: str, form: EntryForm) -> str:
    """A problem's path ("contact.phone", "links.0.url") → the id of its field on the page."""
    if path in _ELSEWHERE:
        return _ELSEWHERE[path]
    name, _, rest = path.partition(".")
    if name == "translations":
        languages = [row.form.language.data for row in form.translations]
        return f"translations-{languages.index(rest)}-text" if rest in languages else name
    if name in ROWS:
        return path.replace(".", "-")
    return rest if name == "contact" else name


def _leaf(field: Field) -> Field:
    return next(iter(field.form)) if isinstance(field, FormField) else field


def _label(field_id: str, fields: Mapping[str, Field]) -> str:
    """「リンク 1：見出し」 for a field of a row."""
    name, _, rest = field_id.partition("-")
    number, _, column = rest.partition("-")
    if not number:
        return str(fields[name].label.text)
    place = f"{fields[name].label.text} {int(number) + 1}"
    return f"{place}：{fields[field_id].label.text}" if column else place


def _text(field: Field) -> str:
    return _clean(field.data)


def _clean(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _rows(rows: FieldList) -> list[Document]:
    optional = _NOT_SAID[rows.name]
    found = []
    for row in rows.data:
        clean = {name: _clean(value) for name, value in row.items()}
        if any(clean.values()):
            found.append({n: None if n in optional and not v else v for n, v in clean.items()})
    return found


def _translation_rows(translations: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    languages = dict.fromkeys((*words.LANGUAGES, *translations))
    return [{"language": name, "text": translations.get(name, "")} for name in languages]
