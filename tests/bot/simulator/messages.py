"""Messages for the limits' tests: sound by default, each detail overridable."""

from typing import Any

Message = dict[str, Any]
PICTURE = "https://example.com/a.jpg"


def a_text(text: str = "こんにちは", **keys: Any) -> Message:
    return {"type": "text", "text": text, **keys}


def a_text_v2(text: str, **substitution: Any) -> Message:
    return {"type": "textV2", "text": text, "substitution": substitution}


def an_emoji(index: int = 0) -> dict[str, Any]:
    return {"index": index, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}


def a_mention() -> dict[str, Any]:
    return {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}}


def a_picture(**keys: Any) -> Message:
    return {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE, **keys}


def a_place(**keys: Any) -> Message:
    place = {"title": "市役所", "address": "長崎市", "latitude": 32.75, "longitude": 129.87}
    return {"type": "location", **place, **keys}


def a_voice(**keys: Any) -> Message:
    return {"type": "audio", "originalContentUrl": PICTURE, "duration": 1, **keys}


def with_quick(action: dict[str, Any], times: int = 1) -> Message:
    return a_text(quickReply={"items": [{"type": "action", "action": action}] * times})


def an_action(kind: str = "message", **keys: Any) -> dict[str, Any]:
    needed = {
        "message": {"text": "はい"},
        "postback": {"data": "a=1"},
        "uri": {"uri": "https://example.com/"},
        "datetimepicker": {"data": "a=1", "mode": "date"},
        "clipboard": {"clipboardText": "095"},
    }
    return {"type": kind, "label": "はい", **needed.get(kind, {}), **keys}


def a_template(kind: str, **keys: Any) -> Message:
    return {"type": "template", "altText": "案内", "template": {"type": kind, **keys}}


def buttons(text: str = "選んでください", count: int = 1, **keys: Any) -> Message:
    return a_template("buttons", text=text, actions=[an_action()] * count, **keys)


def confirm(text: str = "よいですか", count: int = 2) -> Message:
    return a_template("confirm", text=text, actions=[an_action()] * count)


def a_column(text: str = "列", count: int = 1, **keys: Any) -> dict[str, Any]:
    return {"text": text, "actions": [an_action()] * count, **keys}


def carousel(*columns: dict[str, Any]) -> Message:
    return a_template("carousel", columns=list(columns))


def image_carousel(count: int = 1, **action: Any) -> Message:
    column = {"imageUrl": PICTURE, "action": an_action(**action)}
    return a_template("image_carousel", columns=[column] * count)


def an_area(**keys: int) -> dict[str, int]:
    return {"x": 0, "y": 0, "width": 1040, "height": 500, **keys}


def an_imagemap(count: int = 1, action: dict[str, Any] | None = None, **keys: Any) -> Message:
    tap = action or {"type": "message", "text": "はい", "area": an_area()}
    base = {"baseUrl": "https://example.com/map", "baseSize": {"width": 1040, "height": 500}}
    return {"type": "imagemap", "altText": "地図", **base, "actions": [tap] * count, **keys}


def a_tap(**keys: Any) -> Message:
    return an_imagemap(action={"type": "message", "text": "はい", "area": an_area(), **keys})


def a_date(**keys: str) -> Message:
    return with_quick(an_action("datetimepicker", **keys))


def long_uri(length: int, start: str = "https://example.com/") -> str:
    return start + "a" * (length - len(start))
