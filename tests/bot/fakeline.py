"""A LINE that takes everything and remembers it."""

from dataclasses import dataclass, field

from bot.line_api import LOADING_SECONDS, Message, Outcome


@dataclass
class FakeLine:
    """What the bot said, what it left, and where it showed that it is at work."""

    sent: list[tuple[str, list[Message]]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    loading: list[tuple[str, int]] = field(default_factory=list)

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event."""
        self.sent.append((reply_token, messages))
        return Outcome.DONE

    def leave(self, source: str, group_id: str) -> Outcome:
        """Leave a group or room."""
        self.left.append((source, group_id))
        return Outcome.DONE

    def show_loading(self, user_id: str, seconds: int = LOADING_SECONDS) -> Outcome:
        """Show that an answer is on its way."""
        self.loading.append((user_id, seconds))
        return Outcome.DONE
