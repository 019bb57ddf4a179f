"""Walk all addresses of an app, so that a new page is under test the day it is added."""

from flask import Flask

FILES = {
    "pages.static": {"filename": "home.css"},
    "simulator.static": {"filename": "chat.js"},
}
FILLING = "1"
"""For any other part of an address that a visitor chooses."""


def every_get(app: Flask) -> list[str]:
    """One path for each rule that answers GET."""
    adapter = app.url_map.bind("127.0.0.1")
    return sorted(
        adapter.build(
            rule.endpoint, FILES.get(rule.endpoint) or dict.fromkeys(rule.arguments, FILLING)
        )
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    )
