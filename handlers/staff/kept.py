"""What somebody had typed when their session ended: it goes around through the sign-in page.

It is never written to the disk, because nobody who is not signed in may leave anything there.
"""

import json
import re

from flask import render_template, request

NOT_KEPT = frozenset({"csrf_token", "action", "password", "again"})
NOT_TYPED = re.compile(
    r"seen|seen_\w+|base_revision|version|is_published|person_name|saved_at|mine|theirs|key|submit"
    r"|(?:offered|choice|use)-.*"
)
"""Fields that our pages fill in themselves."""


def is_own_form() -> bool:
    """True for a form of ours: what another site sends is not carried into the site.

    Browsers that say nothing of where a request comes from are believed.
    """
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return request.method == "POST" and is_ours


def is_carrying() -> bool:
    """True for a sign-in form of ours that carries something.

    Here the browser must say that it is ours: its fields, not its address, tell where it leads.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return is_ours and bool(request.form.get("kept"))


def typed() -> str:
    """The fields of this form, as `kept` carries them."""
    fields = [(n, v) for n, v in request.form.items(multi=True) if n not in NOT_KEPT]
    return json.dumps(fields)


def sign_in_again_page(target: str, kept: str) -> tuple[str, int]:
    """The sign-in page with the typed fields in it."""
    return render_template("staff/sign_in_again.html", target=target, kept=kept), 401


def resume_page(target: str, kept: str) -> str:
    """When signed in: a button that opens the form again as it was; it saves nothing yet."""
    return render_template("staff/resume.html", target=target, fields=_fields(kept))


def refused_page() -> tuple[str, int]:
    """For somebody whose role was lowered while they wrote: their text, to copy it."""
    own = [(n, v) for n, v in request.form.items(multi=True) if n not in NOT_KEPT]
    texts = [v.strip() for n, v in own if v.strip() and not NOT_TYPED.fullmatch(n)]
    return render_template("staff/not_allowed.html", text="\n\n".join(texts)), 403


def _fields(kept: str) -> list[tuple[str, str]]:
    """What comes from the page is data: anything that is no list of pairs is nothing."""
    try:
        found = json.loads(kept)
        return [(str(name), str(value)) for name, value in found if name not in NOT_KEPT]
    except (ValueError, TypeError, RecursionError):
        return []
