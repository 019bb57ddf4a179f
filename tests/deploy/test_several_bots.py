"""A proxy before several bots, and floods: a dead bot costs no webhook, none is handed over twice."""

import socket
from contextlib import closing
from pathlib import Path

from tests.deploy import proxies
from tests.deploy.recorder import Recorder


def test_a_webhook_goes_to_a_bot_that_can_be_reached(
    nginx: str, recorder: Recorder, tmp_path: Path
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        nobody = listener.getsockname()[1]

    with proxies.running(nginx, tmp_path, [nobody, recorder.port]) as proxy:
        answers = [proxy.post("/callback", b"{}") for _ in range(4)]

    assert [answer.status for answer in answers] == [200] * 4
    assert len(recorder.seen) == 4


def test_a_webhook_that_reached_a_dying_bot_is_not_handed_to_the_next(
    kind: str, recorder: Recorder, tmp_path: Path
) -> None:
    recorder.hangs_up = True

    with proxies.running(kind, tmp_path, [recorder.port, recorder.port]) as proxy:
        answer = proxy.post("/callback", b"{}")

    assert answer.status == 502
    assert len(recorder.seen) == 1


def test_a_flood_of_sign_ins_is_slowed_down(nginx: str, recorder: Recorder, tmp_path: Path) -> None:
    with proxies.running(nginx, tmp_path, [recorder.port]) as proxy:
        posts = [proxy.post("/staff/sign-in", b"a=b").status for _ in range(40)]
        pages = [proxy.get("/staff/").status for _ in range(40)]

    assert posts.count(429) > 0
    assert posts.count(200) >= 20
    assert pages == [200] * 40


def test_a_desk_that_is_opened_to_the_office_only_has_no_page_for_others(
    nginx: str, recorder: Recorder, tmp_path: Path
) -> None:
    for_the_office = {"# allow 192.0.2.0/24;": "allow 192.0.2.0/24;", "# deny all;": "deny all;"}

    with proxies.running(nginx, tmp_path, [recorder.port], for_the_office) as proxy:
        pages = [proxy.get(f"/staff/{page}").status for page in ("", "import", "invitation/a")]
        upload = proxy.post("/staff/import", b"a=b").status

    assert [*pages, upload] == [403] * 4
    assert recorder.seen == []
