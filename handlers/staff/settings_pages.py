"""What the city sets for this site: each setting with what it does, its value, and who changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from wtforms import Field, SelectField, StringField, SubmitField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from handlers.staff import group_pages, guard
from handlers.staff.desk import Desk, Page
from handlers.staff.forms import NEEDED, JapaneseForm
from knowledge.records import audit, settings, store
from knowledge.records.audit import Act
from knowledge.records.settings import Limits, Settings

ACT = "change_setting"
SHOWN_CHANGES = 20


@dataclass(frozen=True)
class Told:
    """How a setting is called, what it does, and what its number counts ("" for yes or no)."""

    label: str
    help: str
    unit: str = ""

    def value(self, value: int) -> str:
        """A value in words."""
        if self.unit:
            return f"{value:,}{self.unit}"
        return "求める" if value else "求めない"


TOLD: Mapping[str, Told] = {
    "small_group": Told(
        "書き出しと報告に出す、いちばん少ない人数",
        "尋ねた人がこれより少ない質問の文は、書き出しと月の報告に出しません。"
        "一人か二人しか尋ねていない文は、だれのことか分かるおそれがあるからです。",
        "人",
    ),
    "soon_days": Told(
        "「もうすぐ」に入れる日数",
        "見直す日や公開を終える日が、この日数のうちに来る項目を、項目の一覧で「もうすぐ」として数えます。",
        "日前",
    ),
    "replayed_questions": Told(
        "公開の前に試す、市民の質問の数",
        "公開の前に、新しい方からこの数の質問で、答えがどう変わるかを調べます。"
        "多いほどよく分かりますが、待つ時間も長くなります。",
        "問",
    ),
    "unsure_below": Told(
        "「自信のない答え」とする見込み",
        "正しい見込みがこれより低い答えを、見直しが要る質問に入れます。"
        "高くすると、まちがった答えを多く見つけられますが、正しかった答えも多く並びます。",
        "％",
    ),
    "code_needed": Told(
        "公開する人と管理する人に、確認コードを求める",
        "求めると、公開する人と管理する人は、パスワードのほかに、スマホのアプリに出る6けたの数字がないとログインできません。"
        "まだ用意していない人には、用意するページが出ます。",
    ),
}
"""All settings, in the order of the page."""


class SettingForm(JapaneseForm):
    """Another value, and why."""

    reason = StringField(
        "変える理由",
        [DataRequired(NEEDED), Length(max=1000, message="1,000文字までです。")],
        description="あとで見た人に分かるように書いてください。記録に残ります。",
    )
    submit = SubmitField("変える")


class NumberForm(SettingForm):
    """A number within limits."""

    limits = Limits(0, 0)
    value = StringField("新しい値", [InputRequired(NEEDED)], render_kw={"inputmode": "numeric"})

    def validate_value(self, field: Field) -> None:
        """A whole number, also in full width or with commas."""
        limits, typed = self.limits, (field.data or "").replace(",", "").strip()
        number = int(typed) if typed.isdecimal() and len(typed) < 10 else None
        if number is None or not limits.least <= number <= limits.most:
            raise ValidationError(f"{limits.least:,}から{limits.most:,}までの数で書いてください。")
        field.data = str(number)


class ChoiceForm(SettingForm):
    """Yes or no."""

    value = SelectField(
        "新しい値",
        choices=[SelectChoice(value=n, label=Told("", "").value(n)) for n in (0, 1)],
        coerce=int,
    )


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/settings` and a page for each setting."""
    _add_list(blueprint, desk)
    _add_change(blueprint, desk)


def _add_list(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/settings")
    @guard.needs("admin")
    def all_settings() -> str:
        return render_template("staff/settings.html", told=TOLD, values=vars(_now(desk)))


def _add_change(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/settings/<name>", methods=["GET", "POST"])
    @guard.needs("admin")
    @guard.keeps_text
    def change_setting(name: str) -> Page:
        if name not in TOLD:
            abort(404)
        before = int(getattr(_now(desk), name))
        form = _form(name, before)
        if not form.is_submitted():
            return _page(desk, name, before, form)
        if not form.validate_on_submit():
            return _page(desk, name, before, form), 422
        after = int(form.value.data)
        if after == before:
            flash("値は変わっていません。")
            return redirect(url_for("staff.all_settings"), 303)
        _change(desk, name, after, form.reason.data.strip())
        flash(f"「{TOLD[name].label}」を、{TOLD[name].value(after)}に変えました。")
        return redirect(url_for("staff.all_settings"), 303)


def _change(desk: Desk, name: str, after: int, reason: str) -> None:
    with store.writing(desk.records) as connection:
        before = int(getattr(settings.get(connection), name))
        settings.put(connection, name, after, group_pages.hand(desk))
        act = Act(ACT, name, reason, {"before": before, "after": after})
        audit.note(connection, guard.me(), act, desk.clock())


def _form(name: str, before: int) -> Any:
    """The form of one setting; Any, as the library has no types."""
    if not TOLD[name].unit:
        return ChoiceForm(value=before)
    form = NumberForm(value=str(before))
    form.limits = settings.LIMITS[name]
    form.value.description = (
        f"{form.limits.least:,}から{form.limits.most:,}まで（単位：{TOLD[name].unit}）"
    )
    return form


def _page(desk: Desk, name: str, before: int, form: SettingForm) -> str:
    with store.reading(desk.records) as connection:
        trail = audit.trail(connection, name, SHOWN_CHANGES)
    return render_template(
        "staff/setting.html",
        told=TOLD[name],
        before=before,
        usual=int(getattr(Settings(), name)),
        form=form,
        changes=[deed for deed in trail if deed.action == ACT],
    )


def _now(desk: Desk) -> Settings:
    with store.reading(desk.records) as connection:
        return settings.get(connection)
