"""A server that is told to end answers what was begun, and takes nothing new: real processes, SIGTERM."""

import http.client
import socket
import time

import pytest

from tests import factories
from tests.journeys.test_durability import Running, running
from tests.prepare.documents.uploads.test_views import large_pdf
from tests.processes import ended

__all__ = ["running"]

PIECE, PAUSE = 64 * 1024, 0.15
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def form_of(server: Running, content: bytes) -> bytes:
    """Write the form of a new document as a browser sends it."""
    fields = {"csrf_token": server.token, "title": "Safety policy", "evidence_code": "POL"}
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="policy.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n"
    )
    return b"".join([*parts, file, content, b"\r\n--edge--\r\n"])


def begin(server: Running, size: int) -> socket.socket:
    """Send the head of a form, and wait until the server says that it has begun to read it."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = (
        f"POST /school/documents/new HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Cookie: {server.cookie}\r\nContent-Type: multipart/form-data; boundary=edge\r\n"
        f"Content-Length: {size}\r\nExpect: 100-continue\r\n\r\n"
    )
    line.sendall(head.encode())
    assert line.recv(len(CONTINUE), socket.MSG_WAITALL) == CONTINUE
    return line


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_upload_that_was_begun_is_answered_and_kept_although_the_server_ends(
    running: Running, workers: str
):
    running.start("--workers", workers)
    assert running.process
    body = form_of(running, large_pdf(factories, 300_000))
    line = begin(running, len(body))
    half = len(body) // 2
    line.sendall(body[:half])

    running.process.terminate()
    for at in range(half, len(body), PIECE):
        time.sleep(PAUSE)
        line.sendall(body[at : at + PIECE])
    answer = http.client.HTTPResponse(line)
    answer.begin()
    line.close()

    assert (answer.status, ended(running.process)) == (302, 0)
    document = str(answer.getheader("Location"))
    assert "Safety policy" in running.browser.get(document).get_data(as_text=True)


def test_a_server_without_work_ends_at_once_and_takes_nothing_new(running: Running):
    running.start()
    assert running.process
    idle = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    idle.request("GET", "/healthz")
    assert idle.getresponse().read()
    begun = time.monotonic()

    running.process.terminate()

    assert ended(running.process) == 0
    assert time.monotonic() - begun < 5
    idle.close()
    with pytest.raises(OSError, match=r"refused|reset"):
        running.ask("GET", "/healthz")


def test_what_is_never_sent_whole_does_not_keep_the_server(running: Running):
    running.start()
    assert running.process
    line = begin(running, 1000)

    running.process.terminate()

    assert ended(running.process) == 0
    assert line.recv(100) == b""
    line.close()
