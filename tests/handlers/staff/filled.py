"""A page's form as a browser would send it: every field with what stands in it."""

from html.parser import HTMLParser

Fields = dict[str, str | list[str]]


class FilledForm(HTMLParser):
    """Gathers the fields of the form whose action ends as asked."""

    def __init__(self, html: str, action_ends: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._action_ends = action_ends
        self._is_inside = False
        self._name = ""
        self._textarea: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the fields of the form."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = found.get("action", "").endswith(self._action_ends)
        if not self._is_inside:
            return
        if tag == "input":
            self._input(found, is_checked="checked" in found)
        elif tag == "textarea":
            self._name, self._textarea = found["name"], ""
        elif tag == "select":
            self._name = found["name"]
            self.fields[self._name] = ""
        elif tag == "option" and "selected" in found:
            self.fields[self._name] = found["value"]

    def handle_data(self, data: str) -> None:
        """The text of a textarea."""
        if self._textarea is not None:
            self._textarea += data

    def handle_endtag(self, tag: str) -> None:
        """The end of a textarea or of the form."""
        if tag == "textarea" and self._textarea is not None:
            self.fields[self._name] = self._textarea.removeprefix("\r\n").removeprefix("\n")
            self._textarea = None
        if tag == "form":
            self._is_inside = False

    def _input(self, found: dict[str, str], *, is_checked: bool) -> None:
        name, value = found.get("name", ""), found.get("value", "")
        if found.get("type") == "checkbox":
            values = self.fields.setdefault(name, [])
            if is_checked and isinstance(values, list):
                values.append(value)
        elif found.get("type") != "radio" or is_checked:
            self.fields[name] = value


def fields(html: str, action_ends: str = "/edit") -> Fields:
    """What a browser would send of a form, without the button."""
    return FilledForm(html, action_ends).fields
