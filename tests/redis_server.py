"""A real Redis for tests, on a port of its own."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

PATIENCE = 20


class RedisServer:
    """The server; `kill` it and `start` it again on the same port."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError

    def kill(self):
        self.process.kill()
        self.process.wait()


def redis_server() -> Iterator[RedisServer]:
    """Yield a running server; skip the test where the machine has none."""
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server, which .ci/run installs")
    found = RedisServer()
    yield found
    found.kill()
