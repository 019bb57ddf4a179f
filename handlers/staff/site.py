"""Put the staff's desk together: guard, session settings, forms' protection, pages."""

from collections.abc import Iterable
from types import ModuleType

from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from handlers.staff import (
    account_pages,
    audit_pages,
    change_pages,
    code_pages,
    conflict_pages,
    crowd,
    dashboard_pages,
    draft_pages,
    entry_pages,
    export_pages,
    filters,
    group_pages,
    guard,
    history_pages,
    home_page,
    import_pages,
    link_pages,
    new_entry_pages,
    outside_pages,
    people_pages,
    preview_pages,
    question_export,
    question_pages,
    report_pages,
    settings_pages,
    teach_pages,
    trial_pages,
)
from handlers.staff.desk import Desk

PAGES: tuple[ModuleType, ...] = (
    account_pages,
    code_pages,
    change_pages,
    home_page,
    people_pages,
    audit_pages,
    preview_pages,
    trial_pages,
    link_pages,
    entry_pages,
    history_pages,
    draft_pages,
    conflict_pages,
    new_entry_pages,
    import_pages,
    export_pages,
    question_pages,
    group_pages,
    teach_pages,
    outside_pages,
    question_export,
    dashboard_pages,
    report_pages,
    settings_pages,
)
"""Each has `add_routes(blueprint, desk)`."""


def install(app: Flask, desk: Desk, exempt: Iterable[Blueprint]) -> None:
    """Add the site to an app; `exempt` blueprints take no forms and need no protection against them."""
    blueprint = Blueprint(
        "staff",
        __name__,
        url_prefix="/staff",
        template_folder="templates",
        static_folder="static",
    )
    crowd.limit(blueprint)
    guard.stand(blueprint, desk, lambda: app.view_functions)
    for module in PAGES:
        module.add_routes(blueprint, desk)
    app.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        SESSION_COOKIE_NAME="__Host-staff" if desk.is_secure else "staff",
        SESSION_COOKIE_SECURE=desk.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    protection = CSRFProtect(app)
    for other in exempt:
        protection.exempt(other)
    Bootstrap5(app)
    filters.register(blueprint)
    app.register_blueprint(blueprint)
