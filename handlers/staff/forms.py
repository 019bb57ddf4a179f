"""The forms of the site: each field with its label, its help and its limits, errors in Japanese."""

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    SubmitField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from handlers.staff import passwords
from handlers.staff.filters import ROLE_HELP, ROLE_NAMES

NEEDED = "入力してください。"


class JapaneseForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A form whose own messages are Japanese as well."""

    class Meta:
        locales = ("ja",)


class SignInForm(JapaneseForm):
    """Account and password."""

    account = EmailField(
        "メールアドレス",
        [InputRequired(NEEDED), Length(max=254)],
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


class PersonForm(JapaneseForm):
    """A member of staff."""

    name = StringField("名前", [InputRequired(NEEDED), Length(max=64, message="64文字までです。")])
    account = EmailField(
        "メールアドレス",
        [
            InputRequired(NEEDED),
            Length(max=254, message="254文字までです。"),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message="メールアドレスの形で書いてください。"),
        ],
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
    """Another role for somebody."""

    role = SelectField(
        "役割",
        choices=[SelectChoice(value=role, label=name) for role, name in ROLE_NAMES.items()],
    )
    submit = SubmitField("役割を変える")


class PlainForm(JapaneseForm):
    """A button and nothing else."""

    submit = SubmitField()
