"""The bot's side of a LINE chat: events in, lists of messages out."""
