"""Faults: the bot's real processes, really killed, filled up and cut off, with an account of each run."""
