"""Our own rules: Flex must grow with the reader's text size and stay legible on dark screens."""

from typing import Any

import pytest

from bot.simulator.limits import Problem, check_house_rules, check_messages

BOX = "messages[1].contents.body.contents"


def a_text(**changes: Any) -> dict[str, Any]:
    sound = {"type": "text", "text": "案内", "scaling": True, "wrap": True, "color": "#111111"}
    return {key: value for key, value in {**sound, **changes}.items() if value is not None}


def a_button(**changes: Any) -> dict[str, Any]:
    action = {"type": "message", "label": "はい", "text": "はい"}
    sound = {"type": "button", "scaling": True, "action": action}
    return {key: value for key, value in {**sound, **changes}.items() if value is not None}


def an_answer(*contents: dict[str, Any], **bubble: Any) -> list[dict[str, Any]]:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    sound = {"styles": {"body": {"backgroundColor": "#ffffff"}}}
    card = {"type": "bubble", "body": body, **sound, **bubble}
    return [
        {"type": "text", "text": "案内"},
        {"type": "flex", "altText": "案内", "contents": card},
    ]


def places(problems: list[Problem]) -> list[str]:
    return [problem.property for problem in problems]


def test_a_careful_answer_has_no_problems() -> None:
    answer = an_answer(a_text(), a_button())
    assert check_messages(answer) == []
    assert check_house_rules(answer) == []


@pytest.mark.parametrize(
    ("component", "key"),
    [
        (a_text(scaling=None), "scaling"),
        (a_text(scaling=False), "scaling"),
        (a_text(wrap=None), "wrap"),
        (a_text(color=None), "color"),
        (a_text(maxLines=2), "maxLines"),
        (a_text(adjustMode="shrink-to-fit"), "adjustMode"),
        (a_button(scaling=None), "scaling"),
        (a_button(adjustMode="shrink-to-fit"), "adjustMode"),
    ],
    ids=[
        "text without scaling",
        "text that does not scale",
        "text without wrap",
        "text without color",
        "text cut off",
        "text shrunk",
        "button without scaling",
        "button shrunk",
    ],
)
def test_a_careless_component_is_told(component: dict[str, Any], key: str) -> None:
    answer = an_answer(component)
    assert check_messages(answer) == []
    assert places(check_house_rules(answer)) == [f"{BOX}[0].{key}"]


def test_the_background_may_stand_in_the_box_or_in_the_styles() -> None:
    colored = {"type": "box", "layout": "vertical", "contents": [], "backgroundColor": "#ffffff"}
    assert check_house_rules(an_answer(styles={}, body=colored)) == []


def test_a_bubble_without_a_background_is_told() -> None:
    problems = check_house_rules(an_answer(a_text(), styles={}))
    assert places(problems) == ["messages[1].contents.body.backgroundColor"]


def test_components_deep_inside_a_carousel_are_found() -> None:
    inner = {"type": "box", "layout": "vertical", "contents": [a_text(wrap=None)]}
    text, card = an_answer(inner)
    carousel = {"type": "carousel", "contents": [card["contents"]]}
    problems = check_house_rules([text, {**card, "contents": carousel}])
    assert places(problems) == [
        "messages[1].contents.contents[0].body.contents[0].contents[0].wrap"
    ]


def test_the_first_message_is_text() -> None:
    problems = check_house_rules(an_answer(a_text())[1:])
    assert places(problems) == ["messages[0].type"]
