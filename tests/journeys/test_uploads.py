"""An upload goes on after `kill -9`: no byte that was acknowledged is ever lost."""

import hashlib
import http.client
import re
import threading
import time
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.journeys.test_durability import Running, running
from tests.prepare.documents.uploads.test_views import large_pdf

__all__ = ["running"]

ROUNDS, LONG_ROUNDS = 2, 8
PIECE = 16 * 1024
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class Sending:
    """A file on its way to a server that may be gone at any moment."""

    server: Running
    content: bytes
    url: str = ""
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)

    def ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> tuple[int, dict]:
        named = {name.replace("_", "-"): one for name, one in headers.items()}
        token = {"X-CSRFToken": self.server.token, "Cookie": self.server.cookie}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, url, body, {**TUS, **token, **named})
            answer = connection.getresponse()
            answer.read()
            return answer.status, dict(answer.headers)
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def begin(self) -> None:
        name = b64encode(b"policy.pdf").decode()
        status, headers = self.ask(
            "POST",
            "/school/uploads",
            Upload_Length=str(len(self.content)),
            Upload_Metadata=f"filename {name}",
        )
        assert status == 201
        self.url = headers["Location"]

    def offset(self) -> int:
        return int(self.ask("HEAD", self.url)[1]["Upload-Offset"])

    def send(self, upto: int) -> None:
        """Send piece after piece until the server is gone or has that many bytes."""
        try:
            while self.acknowledged < upto:
                piece = self.content[self.acknowledged : self.acknowledged + PIECE]
                status, headers = self.ask(
                    "PATCH",
                    self.url,
                    piece,
                    Upload_Offset=str(self.acknowledged),
                    Content_Type="application/offset+octet-stream",
                )
                if status != 204:
                    self.faults.append(f"{status} at {self.acknowledged}")
                    return
                self.acknowledged = int(headers["Upload-Offset"])
        except OSError:
            return


def stored_bytes(folder: Path) -> dict[str, int]:
    found = [one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")]
    return {one.name: one.stat().st_size for one in found}


def test_an_upload_goes_on_after_kill_9_and_loses_nothing(
    running: Running, tmp_path: Path, request: pytest.FixtureRequest
):
    from tests import factories

    random, rounds = Random(7), LONG_ROUNDS if request.config.getoption("long") else ROUNDS
    sending = Sending(running, large_pdf(factories, 3_000_000))
    running.start()
    sending.begin()
    share = len(sending.content) // (rounds + 1)
    for number in range(rounds):
        # Killed by what has arrived, not by the clock: a fast machine is done before it strikes.
        sender = threading.Thread(target=sending.send, args=((number + 1) * share,))
        sender.start()
        struck = number * share + random.uniform(0.1, 0.5) * share
        while sender.is_alive() and sending.acknowledged < struck:
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.01))
        running.kill()
        sender.join()
        running.start()
        # The piece under way at the kill may have been kept without its acknowledgement.
        kept = sending.offset()
        assert kept - sending.acknowledged in {0, PIECE}
        begun = {int(name.partition("-")[0]) for name in stored_bytes(tmp_path / "files")}
        assert begun >= set(range(0, kept, PIECE))
        sending.acknowledged = kept
    assert 0 < sending.acknowledged < len(sending.content)
    sending.send(len(sending.content))
    page = running.ask("GET", "/school/documents/new")[1]
    form = {"title": "Policy", "evidence_code": "POL", "upload": sending.url.rsplit("/", 1)[-1]}

    status, _body = running.ask("POST", "/school/documents/new", **form)

    assert re.search(r"The whole of “policy.pdf” has arrived, but it is not a document yet", page)
    assert (status, sending.faults) == (302, [])
    whole = [one for one in (tmp_path / "files" / "documents").rglob("*") if one.is_file()]
    wanted = hashlib.sha256(sending.content).hexdigest()
    assert wanted in {hashlib.sha256(one.read_bytes()).hexdigest() for one in whole}
