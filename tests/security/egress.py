"""Answer one citizen in a process of its own, and print every address that process called.

`python -m tests.security.egress FOLDER LINE_URL`: a production bot on SQLite whose LINE is at
LINE_URL. The interpreter itself reports each connection and each name that is looked up.
"""

import json
import sys
import threading
from pathlib import Path

CALLED: list[str] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        CALLED.append(f"connect {arguments[1]}")
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        CALLED.append(f"{event} {arguments[:2]}")


sys.addaudithook(_listen)  # before anything of ours is imported: importing must call nobody, either

from bot.app import create_app  # noqa: E402
from bot.chores import OF_A_WORKER  # noqa: E402
from bot.parts import of  # noqa: E402
from bot.simulator.events import follow_event, text_event  # noqa: E402
from knowledge.vectors import installed_encoder  # noqa: E402
from tests.bot.signed import OFFICIAL_SECRET, as_json, post_signed  # noqa: E402
from tests.builders import a_config  # noqa: E402


def main(folder: Path, line_url: str) -> None:
    """Take in a greeting and a question, look at the pages, do the chores; then tell."""
    config = a_config(
        folder,
        is_local=False,
        line_channel_secrets=(OFFICIAL_SECRET,),
        line_api_base=line_url,
        records_url=f"sqlite:///{folder / 'records.db'}",
        queue_url="memory://",
    )
    app = create_app(config)
    if encoder := installed_encoder():  # one sentence; a whole index would take half a minute
        encoder.encode(["粗大ごみ"])
    statuses = [post_signed(app, as_json(text_event(words))) for words in QUESTIONS]
    statuses.append(post_signed(app, as_json(follow_event())))
    statuses += [app.test_client().get(path).status_code for path in ("/", "/healthz", "/nowhere")]
    for chore in OF_A_WORKER:
        chore.do(of(app))
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(timeout=5)
    sys.stdout.write(json.dumps({"statuses": statuses, "called": sorted(set(CALLED))}))


QUESTIONS = ("粗大ごみを出したい https://evil.example.jp/ を見て", "http://203.0.113.9/ を開いて")

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
