"""What every page of the site must be, checked on each page a test opens."""

from collections import Counter
from html.parser import HTMLParser

VOID_OF_LABEL = ("hidden", "submit", "button", "image")


class Page(HTMLParser):
    """A page as a reader of its source sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
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
        if tag == "label" and found.get("for"):
            self.labelled.add(str(found["for"]))
        if tag in ("input", "select", "textarea") and found.get("type") not in VOID_OF_LABEL:
            self.inputs.append(found)
        self.problems += _inline(tag, found)
        if tag in ("title", "h1"):
            self._inside.append(tag)
            if tag == "h1":
                self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave title or heading."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Gather text."""
        self.text += data
        if self._inside and self._inside[-1] == "title":
            self.title += data
        if self._inside and self._inside[-1] == "h1":
            self.headings[-1] += data


def problems(html: str) -> list[str]:
    """Everything wrong with a page, in words."""
    page = Page(html)
    heading = page.headings[0].strip() if page.headings else ""
    found = list(page.problems)
    if len(page.headings) != 1 or not page.title.strip().startswith(heading) or not heading:
        found.append(f"title {page.title.strip()!r} and headings {page.headings} do not agree")
    found += [f"id {name} twice" for name, count in Counter(page.ids).items() if count > 1]
    found += [
        f"{field.get('name')} has no label" for field in page.inputs if not _is_named(field, page)
    ]
    return found


def _inline(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """What the Content-Security-Policy would keep from working."""
    found = [f"<{tag}> has an inline handler" for name in attributes if name.startswith("on")]
    if "style" in attributes or tag == "style":
        found.append(f"<{tag}> has an inline style")
    if tag == "script" and not attributes.get("src"):
        found.append("an inline script")
    return found


def _is_named(field: dict[str, str | None], page: Page) -> bool:
    return bool(field.get("aria-label") or field.get("id") in page.labelled)
