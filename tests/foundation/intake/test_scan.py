"""The virus scanner: spoken to as it speaks, and no file is taken when it does not say that it is clean."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from cissapp.foundation.core.errors import Problem, Refused
from cissapp.foundation.intake import AcceptedFile, examination, examine, scan
from cissapp.foundation.intake.kinds import FileFamily
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.reasons import RejectionReason
from cissapp.foundation.intake.sentences import SENTENCES
from tests.foundation.intake.pdfs import drawn


class Clamd:
    """Speaks clamd's INSTREAM over a socket, and answers as it is told."""

    def __init__(self, line: socket.socket, answer: bytes) -> None:
        self.line, self.answer = line, answer
        self.received: list[bytes] = []
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def close(self) -> None:
        """Wake the server with a connection of its own, and end it."""
        self.answer = b""
        with socket.socket(self.line.family) as knock:
            knock.settimeout(1)
            knock.connect(self.line.getsockname())
        self.thread.join()
        self.line.close()

    def _serve(self) -> None:
        while True:
            caller, _ = self.line.accept()
            with caller, caller.makefile("rb") as said:
                if said.read(10) != b"zINSTREAM\0":
                    return
                self.received.append(self._read(said.read))
                with suppress(OSError):  # who asked may be gone
                    caller.sendall(self.answer)

    def _read(self, read: Callable[[int], bytes]) -> bytes:
        content = b""
        while size := struct.unpack("!I", read(4))[0]:
            content += read(size)
        return content


@pytest.fixture(params=["unix", "tcp"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[socket.socket, str]:
    """A listening socket and its address."""
    if request.param == "tcp":
        line = socket.create_server(("127.0.0.1", 0))
        return line, f"tcp://127.0.0.1:{line.getsockname()[1]}"
    line = socket.socket(socket.AF_UNIX)
    line.bind(str(tmp_path / "clamd"))
    line.listen()
    return line, f"unix://{tmp_path}/clamd"


@pytest.fixture
def clamd(line: tuple[socket.socket, str]) -> Iterator[Clamd]:
    served = Clamd(line[0], b"stream: OK\0")
    yield served
    served.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is not what is tested here."""

    def examine(kind: FileFamily, content: bytes) -> AcceptedFile:
        return AcceptedFile(MediaType(kind.value), "", 1, ())

    monkeypatch.setattr(examination, "examine_in_worker", examine)


def refusal(url: str) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        examine(drawn(), "policy.pdf", clamd_url=url)
    return refused.value.problems


def test_a_clean_file_is_taken_and_the_scanner_saw_all_of_it(
    line: tuple[socket.socket, str], clamd: Clamd
):
    content = drawn(200)

    taken = examine(content, "policy.pdf", clamd_url=line[1])

    assert (taken.pages, clamd.received) == (1, [content])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"stream: Eicar-Signature FOUND\0", RejectionReason.VIRUS),
        (b"INSTREAM size limit exceeded. ERROR\0", RejectionReason.NOT_SCANNED),
        (b"stream: OK", RejectionReason.NOT_SCANNED),
        (b"stream: OK\0stream: OK\0", RejectionReason.NOT_SCANNED),
        (b"OK\0", RejectionReason.NOT_SCANNED),
        (b"", RejectionReason.NOT_SCANNED),
        (b"x" * 5_000, RejectionReason.NOT_SCANNED),
    ],
)
def test_anything_but_clean_is_a_refusal(
    line: tuple[socket.socket, str], clamd: Clamd, answer: bytes, reason: RejectionReason
):
    clamd.answer = answer

    assert refusal(line[1]) == (Problem("file", SENTENCES[reason]),)


def test_a_scanner_that_says_nothing_is_a_refusal(
    line: tuple[socket.socket, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scan, "SECONDS", 0.2)

    with line[0]:
        assert refusal(line[1]) == (Problem("file", SENTENCES[RejectionReason.NOT_SCANNED]),)


def test_a_scanner_that_takes_too_long_in_all_is_a_refusal(
    line: tuple[socket.socket, str], clamd: Clamd, monkeypatch: pytest.MonkeyPatch
):
    """One that sends a letter now and then would never be late for the next."""
    monkeypatch.setattr(
        scan, "time", SimpleNamespace(monotonic=count(0, scan.SECONDS / 2).__next__)
    )

    assert refusal(line[1]) == (Problem("file", SENTENCES[RejectionReason.NOT_SCANNED]),)


@pytest.mark.parametrize(
    "url",
    [
        "unix:///nowhere/clamd",
        "tcp://127.0.0.1:1",
        "tcp://127.0.0.1",
        "clamd",
        "http://127.0.0.1:1",
        "unix://",
        "tcp://a:b",
    ],
)
def test_a_scanner_that_cannot_be_reached_is_a_refusal(url: str):
    assert refusal(url) == (Problem("file", SENTENCES[RejectionReason.NOT_SCANNED]),)
