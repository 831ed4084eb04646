"""A process leaves requests that do not end, and does what it began behind the answers."""

import signal
import time
from multiprocessing import get_context
from multiprocessing.util import Finalize
from threading import Event

import pytest

from cissapp.operate.operations.serving import endings


def work(tell):
    time.sleep(0.2)  # longer than a request may take
    tell.send("done")


def serve(tell, *, hangs):
    endings.answer_in_time()
    asked = Event()
    signal.signal(signal.SIGTERM, lambda *_: None if hangs else asked.set())  # as the server does
    Finalize(None, work, (tell,), exitpriority=0)
    tell.send("ready")
    asked.wait(60)


# The server splits its processes off, too. What runs beside this thread holds nothing that the other one needs.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("hangs", [True, False])
def test_a_process_that_is_told_to_end_leaves_its_requests_and_does_its_work(monkeypatch, hangs):
    monkeypatch.setattr(endings, "SECONDS_TO_ANSWER", 0.05)
    split = get_context("fork")
    heard, tell = split.Pipe(duplex=False)
    process = split.Process(target=serve, args=(tell,), kwargs={"hangs": hangs})
    process.start()

    said = [heard.recv()]
    process.terminate()
    process.join(60)

    assert (*said, heard.recv(), process.exitcode) == ("ready", "done", 0)
