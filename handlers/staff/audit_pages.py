"""What colleagues did, for admins to read: who, when, what, to what and why."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, render_template, request

from handlers.staff import guard, namesakes
from handlers.staff.desk import Desk
from handlers.staff.drafting import DROP
from handlers.staff.filters import ROLE_NAMES
from handlers.staff.settings_pages import TOLD
from knowledge.records import accounts, audit, store
from knowledge.records.audit import Deed

PAGE_LINES = 50
NO_PERSON = "-"
"""In the filter: commands, and those who could not sign in."""

HIGHEST = 2**31 - 1
"""The last number that a line can have."""

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "new": "新しい項目を公開した",
        "publish": "公開した",
        "retire": "取り下げた",
        "rollback": "前の版に戻した",
        "import": "取り込んで公開した",
        "teach": "言い回しを足した",
        "propose_teach": "言い回しを足す準備をした",
        "import_catalog": "カタログを取り込んだ",
        "publish_release": "知識をすべての機械に配った",
        "rollback_release": "知識の全体を前の版に戻した",
        "begin_draft": "下書きを始めた",
        "save_draft": "下書きを保存した",
        "discard_draft": "下書きを捨てた",
        "drop_change": "準備した変更をやめた",
        "check_links": "リンクを調べた",
        "park_questions": "質問をあとまわしにした",
        "reopen_questions": "質問を元に戻した",
        "assign_questions": "質問の担当を決めた",
        "comment_questions": "質問にコメントを書いた",
        "draft_for_questions": "質問から新しい項目を書き始めた",
        "export_questions": "質問を書き出した",
        "propose_outside": "質問を「案内しない話題」にする準備をした",
        "mark_outside": "質問を「案内しない話題」にした",
        "remove_outside": "「案内しない話題」から外した",
        "sign_in": "ログインした",
        "sign_in_failed": "パスワードか確認コードが違った",
        "sign_out_everywhere": "すべての場所でログアウトした",
        "set_password": "パスワードを決めた",
        "turn_on_code": "確認コードを使い始めた",
        "turn_off_code": "確認コードをやめた",
        "use_recovery_code": "回復コードを使った",
        "renew_recovery_codes": "回復コードを作り直した",
        "reset_code": "確認コードを外した",
        "add_person": "職員を加えた",
        "invite": "招待のリンクを出した",
        "change_role": "役割を変えた",
        "disable": "職員を止めた",
        "enable": "職員をまた使えるようにした",
        "change_setting": "設定を変えた",
    }
)
ON_ENTRIES = frozenset(
    "new publish retire rollback import teach begin_draft save_draft discard_draft"
    " propose_teach".split()
)
ON_QUESTIONS = frozenset(
    "park_questions reopen_questions assign_questions comment_questions mark_outside"
    " propose_outside remove_outside draft_for_questions".split()
)
"""Whose subject leads to a page; other subjects are accounts."""

KINDS_OF_CHANGE = {"outside": "mark_outside", "import": ""}
"""Where a change is not called like the deed of publishing it, or is about many entries."""

ENTRY, QUESTIONS = "entry", "questions"


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/audit`."""

    @blueprint.get("/audit")
    @guard.needs("admin")
    def audit_trail() -> str:
        who = _asked("who", 32)
        subject = _asked("subject", audit.MAX_SUBJECT)
        before = min(max(0, request.args.get("before", 0, type=int)), HIGHEST)
        person_id = {"": None, NO_PERSON: ""}.get(who, who)
        with store.reading(desk.records) as connection:
            found = audit.trail(connection, subject, PAGE_LINES + 1, before, person_id)
            everybody = accounts.everybody(connection)
            beside = namesakes.found(connection)
        return render_template(
            "staff/audit.html",
            deeds=found[:PAGE_LINES],
            older=found[PAGE_LINES - 1].number if len(found) > PAGE_LINES else 0,
            before=before,
            people=everybody,
            wanted={"who": who, "subject": subject},
            no_person=NO_PERSON,
            words=WORDS,
            more=more,
            settings={name: told.label for name, told in TOLD.items()},
            leads_to=leads_to,
            beside=beside,
        )


def more(deed: Deed) -> list[str]:
    """What else a colleague wants to know of a deed."""
    detail = deed.detail
    told = [
        ROLE_NAMES.get(str(detail.get("role")), ""),
        str(detail["title"]) if deed.action == DROP and leads_to(deed) else "",
        f"担当：{detail['to']}" if detail.get("to") else "",
        f"話題：{detail['topic']}" if detail.get("topic") else "",
        f"{detail['wordings']}通りの言い方" if detail.get("wordings") else "",
        f"{detail['rows']}行" if "rows" in detail else "",
        f"{detail['before']} → {detail['after']}" if "after" in detail else "",
        "確認用の質問の成績が下がることを知ったうえで" if detail.get("overrides") else "",
    ]
    return [text for text in told if text]


def leads_to(deed: Deed) -> str:
    """What page tells of the subject, or "" for accounts and files."""
    kind = str(deed.detail.get("kind", ""))
    about = KINDS_OF_CHANGE.get(kind, kind) if deed.action == DROP else deed.action
    if about in ON_ENTRIES:
        return ENTRY
    return QUESTIONS if about in ON_QUESTIONS else ""


def _asked(name: str, longest: int) -> str:
    """A filter as typed."""
    return request.args.get(name, "").strip()[:longest]
