"""Every kind of event LINE sends and the function that answers it: the whole bot on one screen."""

from collections.abc import Callable

from handlers.line import commands, shapes, text, words
from handlers.line.event import Event
from handlers.line.reply import FREQUENT, MENU, NOTHING, Chat, Reply, with_choices

Handler = Callable[[Event, Chat], Reply]

FIRST_CHOICES = ("smartphone-salon", "waste-collection-day", "resident-record", "night-clinic")
PLACE_CHOICES = ("area-center", "hazard-map", "nagasaki-map", "city-hall")


def answer(event: Event, chat: Chat) -> Reply:
    """The reply to any event; unknown kinds get silence, unknown messages a helpful word."""
    if event.is_standby:
        return NOTHING
    if event.source in ("group", "room"):
        return _in_group(event)
    handler = ROUTES.get((event.kind, event.content)) or ROUTES.get((event.kind, ANY), _silence)
    return handler(event, chat)


def answer_briefly(event: Event, chat: Chat, said: str) -> Reply:
    """A notice ("" for silence) in place of an answer; an emergency is answered all the same."""
    if event.is_standby or event.source in ("group", "room"):
        return NOTHING
    urgent = text.urgent(event.text, chat) if event.content == "text" else None
    if urgent is not None:
        return urgent
    return with_choices(said, (MENU, FREQUENT), "busy") if said else NOTHING


def _in_group(event: Event) -> Reply:
    """Groups are no place for a city's guide: say so once, and leave (LINE.md §1, "Groups")."""
    if event.kind not in ("join", "message"):
        return NOTHING
    return Reply((shapes.text(words.LEAVING_GROUP),), leaves_group=True)


def _greet(_: Event, chat: Chat) -> Reply:
    options = (MENU, FREQUENT, *commands.entry_options(FIRST_CHOICES, chat))
    return with_choices(words.GREETING, options, "greeting")


def _forget(_: Event, __: Chat) -> Reply:
    return Reply(forgets_chat=True)


def _postback(event: Event, chat: Chat) -> Reply:
    return commands.run(event.postback, chat)


def _location(_: Event, chat: Chat) -> Reply:
    options = (*commands.entry_options(PLACE_CHOICES, chat), MENU)
    return with_choices(words.LOCATION, options, "menu")


def _say(what: str) -> Handler:
    def handler(_: Event, __: Chat) -> Reply:
        return with_choices(what, (MENU, FREQUENT), "menu")

    return handler


def _silence(_: Event, __: Chat) -> Reply:
    return NOTHING


ANY = "*"

ROUTES: dict[tuple[str, str], Handler] = {
    ("message", "text"): text.answer,
    ("message", "sticker"): _say(words.STICKER),
    ("message", "image"): _say(words.PICTURE),
    ("message", "video"): _say(words.PICTURE),
    ("message", "file"): _say(words.PICTURE),
    ("message", "audio"): _say(words.VOICE),
    ("message", "location"): _location,
    ("message", ANY): _say(words.UNKNOWN_MESSAGE),
    ("postback", ANY): _postback,
    ("follow", ANY): _greet,
    ("unfollow", ANY): _forget,
    ("unsend", ANY): _silence,
    ("join", ANY): _silence,
    ("leave", ANY): _silence,
    ("memberJoined", ANY): _silence,
    ("memberLeft", ANY): _silence,
    ("videoPlayComplete", ANY): _silence,
    ("beacon", ANY): _silence,
    ("accountLink", ANY): _silence,
    ("membership", ANY): _silence,
}
