"""Ending a web server that runs in a thread of the tests."""

import threading

from waitress.server import BaseWSGIServer

STOPPED_WITHIN_SECONDS = 30.0


def stop(server: BaseWSGIServer) -> None:
    """Close everything in the server's own thread, which must not find a socket closed meanwhile.

    Its workers end first: each pulls the trigger when it is done, by a file number that may be
    another file's once the trigger is closed.
    """
    server.task_dispatcher.shutdown()
    ended = threading.Event()

    def close() -> None:
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()
        ended.set()

    server.trigger.pull_trigger(close)
    assert ended.wait(STOPPED_WITHIN_SECONDS)
