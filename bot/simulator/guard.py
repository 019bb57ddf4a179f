"""Who may talk to the simulator: this machine, and no other site's page in its browser."""

import re
from typing import Final

from flask import abort, request

LOOPBACK_HOST: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
OWN_FETCH_SITES: Final = ("same-origin", "none")


def refuse_strangers() -> None:
    """Answer 403 to other host names (DNS rebinding) and to writes from other origins."""
    if not LOOPBACK_HOST.fullmatch(request.host):
        abort(403)
    if request.method not in SAFE_METHODS and not _is_own_page():
        abort(403)


def _is_own_page() -> bool:
    """A browser names its site and origin; a program (the bot, curl, a test) names neither."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_FETCH_SITES:
        return False
    own = request.host_url.rstrip("/")
    return request.headers.get("Origin", own).lower() == own.lower()
