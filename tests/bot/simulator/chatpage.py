"""Where things are on the chat page, in the words of its tests."""

from playwright.sync_api import Locator, Page, Request


class Asked:
    """Notes what the page asks for."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def note(self, request: Request) -> None:
        self.urls.append(request.url)


def bubbles(page: Page) -> Locator:
    return page.locator("#log .bubble")


def user_bubbles(page: Page) -> Locator:
    return page.locator("#log .row.user .bubble")


def the_input(page: Page) -> Locator:
    return page.get_by_label("メッセージ", exact=True)


def write(page: Page, text: str) -> None:
    the_input(page).fill(text)
    the_input(page).press("Enter")


def font_size(locator: Locator) -> float:
    return float(locator.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))


def sideways_scroll(page: Page) -> int:
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(script))
