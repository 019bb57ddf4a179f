"""What the measurements of many parts print."""


def say(line: str) -> None:
    """One line of the report, at once."""
    print(line, flush=True)  # noqa: T201 - printing is this module's job
