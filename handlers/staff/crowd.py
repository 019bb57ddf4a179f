"""Keep threads free for citizens: a few of the site's pages at work, a few waiting, no more."""

from threading import BoundedSemaphore

from flask import Blueprint, g, request
from werkzeug.exceptions import ServiceUnavailable

AT_WORK = 4
WAITING = 4
"""Of the web process's threads; those that are left are LINE's (bot/cli_serve.py)."""

TRY_AGAIN_SECONDS = 5


def limit(blueprint: Blueprint, at_work: int = AT_WORK, waiting: int = WAITING) -> None:
    """Let `at_work` pages of a blueprint be made at once and `waiting` more wait; 503 for the rest.

    Styles and scripts are quick, and a form holds what somebody wrote: both are let through.
    """
    inside, working = BoundedSemaphore(at_work + waiting), BoundedSemaphore(at_work)

    @blueprint.before_request
    def enter() -> None:
        if request.method == "POST" or request.endpoint == f"{blueprint.name}.static":
            return
        if not inside.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=TRY_AGAIN_SECONDS)
        working.acquire()
        g.has_entered = True

    @blueprint.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("has_entered", False):
            working.release()
            inside.release()
