"""Ask as a citizen would and see what is answered and why; nothing that is typed here is kept."""

from flask import Blueprint, render_template
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from handlers.staff import guard, trial
from handlers.staff.desk import Desk
from handlers.staff.forms import NEEDED, JapaneseForm
from handlers.staff.trial import DraftKnowledge

MAX_QUESTION = 5000
"""The longest message LINE lets a citizen send."""


class TrialForm(JapaneseForm):
    """A question, and what to ask."""

    text = TextAreaField(
        "市民になったつもりで、書いてください",
        [InputRequired(NEEDED), Length(max=MAX_QUESTION, message="5,000文字までです。")],
        description="例：粗大ごみば出したか。書いた言葉は保存しません。",
    )
    knowledge = RadioField(
        "どの内容で試すか",
        choices=[
            SelectChoice("published", "公開している内容"),
            SelectChoice("drafts", "公開している内容に、下書きをすべて入れたもの"),
        ],
        default="published",
    )
    submit = SubmitField("試す")


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/try`; the question comes by POST, so that it stands in no address and no log."""
    drafted = DraftKnowledge(desk)

    @blueprint.route("/try", methods=["GET", "POST"])
    @guard.needs("viewer")
    @guard.keeps_text
    def try_it() -> str:
        form = TrialForm()
        if not form.validate_on_submit():
            return render_template("staff/try.html", form=form, told=None)
        with_drafts = form.knowledge.data == "drafts"
        kb, left_out = drafted.knowledge() if with_drafts else (desk.kb, ())
        told = trial.ask(form.text.data, kb, desk.today())
        return render_template("staff/try.html", form=form, told=told, left_out=left_out)
