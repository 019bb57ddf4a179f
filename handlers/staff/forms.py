"""The forms of the site: each field with its label, its help and its limits, errors in Japanese."""

import re
from collections.abc import Iterable, Iterator

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    FieldList,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    SubmitField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from handlers.staff import passwords
from handlers.staff.filters import ROLE_HELP, ROLE_NAMES
from knowledge.records import accounts
from knowledge.records.accounts import MAX_ACCOUNT, MAX_NAME

NEEDED = "入力してください。"
ACCOUNT_FORM = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_ROW_NUMBER = re.compile(r"-[0-9]{1,4}(?:-|\Z)")


class JapaneseForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A form whose own messages are Japanese as well."""

    class Meta:
        locales = ("ja",)

    def is_submitted(self) -> bool:
        """False for what comes back through the sign-in page, too: it is shown, not yet done."""
        return bool(super().is_submitted()) and request.form.get("action") != "resume"


class RowList(FieldList):  # type: ignore[misc]  # the library has no types
    """Rows of fields; a number that no page of ours writes (`links-²-url`) names no row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """WTForms hands to `int` whatever `str.isdigit` lets through, which it may not take."""
        names = (name for name in formdata if _ROW_NUMBER.match(name.removeprefix(prefix)))
        yield from super()._extract_indices(prefix, names)


class SignInForm(JapaneseForm):
    """Account and password."""

    account = EmailField(
        "メールアドレス",
        [InputRequired(NEEDED), Length(max=MAX_ACCOUNT)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "パスワード",
        [InputRequired(NEEDED), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    kept = HiddenField()
    submit = SubmitField("ログインする")


class CodeForm(JapaneseForm):
    """The second step of signing in."""

    code = StringField(
        "確認コード",
        [InputRequired(NEEDED), Length(max=64)],
        description="アプリに今出ている6けたの数字です。アプリが使えないときは、回復コードを書いてください。",
        render_kw={"autocomplete": "one-time-code"},
    )
    next = HiddenField()
    kept = HiddenField()
    submit = SubmitField("ログインする")


class CodeOnForm(JapaneseForm):
    """Proof that the app on the phone works."""

    code = StringField(
        "アプリに出た6けたの数字",
        [InputRequired(NEEDED), Length(max=64)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    submit = SubmitField("確認コードを使う")


class CodeOffForm(JapaneseForm):
    """Who gives up the code must have all of it."""

    password = PasswordField(
        "パスワード",
        [InputRequired(NEEDED), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    code = StringField(
        "確認コード",
        [InputRequired(NEEDED), Length(max=64)],
        description="アプリに今出ている6けたの数字か、回復コードです。",
        render_kw={"autocomplete": "one-time-code"},
    )
    submit = SubmitField("確認コードをやめる")


def _reason(example: str) -> StringField:
    return StringField(
        "理由",
        [DataRequired(NEEDED), Length(max=200, message="200文字までです。")],
        description=f"操作の記録に残ります。例：{example}",
    )


class ResetCodeForm(JapaneseForm):
    """Why a colleague may sign in without a code for once."""

    reason = _reason("電話をなくしたため。本人であることを、会うか電話で確かめました。")
    submit = SubmitField("確認コードを外す")


class NewPasswordForm(JapaneseForm):
    """A password of one's own, typed twice so that a slip is noticed."""

    password = PasswordField(
        "新しいパスワード",
        [InputRequired(NEEDED)],
        description=f"{passwords.MIN_LENGTH}文字以上。言葉をいくつかつなげると、長くても覚えやすくなります。",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "新しいパスワード（もう一度）",
        [InputRequired(NEEDED)],
        render_kw={"autocomplete": "new-password"},
    )
    submit = SubmitField("このパスワードにする")

    def validate_again(self, field: Field) -> None:
        """Both must be the same."""
        if field.data != self.password.data:
            raise ValidationError("上のパスワードと違います。")


class OwnPasswordForm(NewPasswordForm):
    """Another password for somebody who has one."""

    present = PasswordField(
        "今のパスワード",
        [InputRequired(NEEDED), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class PersonForm(JapaneseForm):
    """A member of staff."""

    name = StringField(
        "名前",
        [InputRequired(NEEDED), Length(max=MAX_NAME, message=f"{MAX_NAME}文字までです。")],
    )
    account = EmailField(
        "メールアドレス",
        [
            InputRequired(NEEDED),
            Length(max=MAX_ACCOUNT, message=f"{MAX_ACCOUNT}文字までです。"),
            Regexp(ACCOUNT_FORM + "$", message="メールアドレスの形で書いてください。"),
        ],
        filters=[lambda text: accounts.plain(text or "")],
        description="ログインに使います。",
    )
    role = SelectField(
        "役割",
        choices=[
            SelectChoice(value=role, label=f"{name} ― {ROLE_HELP[role]}")
            for role, name in ROLE_NAMES.items()
        ],
    )
    submit = SubmitField("招待する")


class RoleForm(JapaneseForm):
    """Another role for somebody, and why."""

    role = SelectField(
        "役割",
        choices=[SelectChoice(value=role, label=name) for role, name in ROLE_NAMES.items()],
    )
    reason = _reason("4月から、項目の公開も受け持つため。")
    submit = SubmitField("役割を変える")


class DisableForm(JapaneseForm):
    """Why somebody is let in no more."""

    reason = _reason("異動したため。")
    submit = SubmitField("止める")


class EnableForm(JapaneseForm):
    """Why somebody who was stopped is let in again."""

    reason = _reason("休みから戻ったため。")
    submit = SubmitField("また使えるようにする")


class PlainForm(JapaneseForm):
    """A button and nothing else."""

    submit = SubmitField()
