"""What every page of the site must be, checked on each page a test opens."""

from collections import Counter
from html.parser import HTMLParser
from typing import Final

from flask import Flask, Response, request

NEEDS_NO_LABEL: Final = ("hidden", "submit", "button", "image")
REFERENCES: Final = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
OUR_OWN: Final = {"script": "src", "link": "href", "img": "src", "form": "action", "iframe": "src"}
"""What a page may only take from this site, or send to it."""

GATHERED: Final = ("title", "h1", "label")


class Page(HTMLParser):
    """A page as a reader of its source sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {name: [] for name in GATHERED}
        self.ids: list[str] = []
        self.referred: list[tuple[str, str]] = []
        self.inputs: list[dict[str, str | None]] = []
        self.problems: list[str] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of a tag."""
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for name in REFERENCES:
            self.referred += [(name, one) for one in (found.get(name) or "").split()]
        if tag in ("input", "select", "textarea") and found.get("type") not in NEEDS_NO_LABEL:
            self.inputs.append(found)
        self.problems += [*_inline(tag, found), *_foreign(tag, found)]
        if tag in GATHERED:
            self._inside.append(tag)
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave title, heading or label."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Gather text."""
        self.text += data
        if self._inside:
            self.texts[self._inside[-1]][-1] += data


def problems(html: str) -> list[str]:
    """Everything wrong with a page, in words."""
    page = Page(html)
    title, headings = "".join(page.texts["title"]).strip(), page.texts["h1"]
    heading = headings[0].strip() if headings else ""
    found = list(page.problems)
    if len(headings) != 1 or not title.startswith(heading) or not heading:
        found.append(f"title {title!r} and headings {headings} do not agree")
    found += [f"id {name} twice" for name, count in Counter(page.ids).items() if count > 1]
    found += [f"{name} names {one}, which is not there" for name, one in _dangling(page)]
    found += ["an empty label" for label in page.texts["label"] if not label.strip()]
    found += [
        f"{field.get('name')} has no label" for field in page.inputs if not _is_named(field, page)
    ]
    return found


def watch(app: Flask) -> list[str]:
    """From now on, everything that is wrong with any page of the site, whoever opens it."""
    found: list[str] = []

    def look_at(response: Response) -> Response:
        if response.mimetype == "text/html" and not response.direct_passthrough:
            policy = response.headers.get("Content-Security-Policy", "")
            html = response.get_data(as_text=True)
            wrong = problems(html) if _is_whole(html) else []
            wrong += [] if "script-src" in policy else [f"the policy is {policy!r}"]
            found.extend(f"{request.path} ({response.status_code}): {one}" for one in wrong)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, look_at)  # the first added looks last
    return found


def _is_whole(html: str) -> bool:
    """Not a redirect's few words, nor a part that a script puts into a page."""
    return "<main" in html


def _inline(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """What the Content-Security-Policy would keep from working."""
    found = [f"<{tag}> has an inline handler" for name in attributes if name.startswith("on")]
    if "style" in attributes or tag == "style":
        found.append(f"<{tag}> has an inline style")
    if tag == "script" and not attributes.get("src"):
        found.append("an inline script")
    return found


def _foreign(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """What comes from elsewhere, runs from an address, or is a picture without words."""
    address = attributes.get(OUR_OWN.get(tag, "")) or "/"
    is_ours = address[:1] in "/#?" and address[:2] != "//"
    is_drawn = tag == "img" and address.startswith("data:image/svg+xml")  # as the policy lets it
    found = [] if is_ours or is_drawn else [f"<{tag}> {address}"]
    if (attributes.get("href") or "").strip().lower().startswith(("javascript:", "data:")):
        found.append(f"<{tag}> runs what its address says")
    if tag == "img" and "alt" not in attributes:
        found.append("<img> without alt")
    return found


def _dangling(page: Page) -> list[tuple[str, str]]:
    return [(name, one) for name, one in page.referred if one not in page.ids]


def _is_named(field: dict[str, str | None], page: Page) -> bool:
    labelled = {one for name, one in page.referred if name == "for"}
    return bool(field.get("aria-label") or field.get("id") in labelled)
