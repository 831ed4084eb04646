"""Stand-ins for a mail server and a virus scanner, which can be stopped and started again in one process."""

import re
import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Callable

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Stub:
    """A server on a local port; `stop` closes it, so that connections are refused."""

    def __init__(
        self, port: int, speak: Callable[[socketserver.StreamRequestHandler], None]
    ) -> None:
        self.port, self.speak = port, speak
        self.server: socketserver.ThreadingTCPServer | None = None
        self.start()

    def start(self) -> None:
        """Accept connections."""
        speak = self.speak

        class Handler(socketserver.StreamRequestHandler):
            timeout = 60

            def handle(self) -> None:
                try:
                    speak(self)
                except OSError:
                    return

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class MailServer(Stub):
    """Accepts every email, and counts the Message-IDs."""

    def __init__(self, port: int) -> None:
        self.letters: Counter[str] = Counter()
        super().__init__(port, self._talk)

    def _talk(self, line: socketserver.StreamRequestHandler) -> None:
        line.wfile.write(b"220 here\r\n")
        while command := line.rfile.readline().strip().upper():
            if command == b"DATA":
                line.wfile.write(b"354 go on\r\n")
                letter = b""
                while (row := line.rfile.readline()) not in {b".\r\n", b""}:
                    letter += row
                found = re.search(rb"(?im)^Message-ID:\s*(\S+)", letter)
                self.letters[found[1].decode() if found else "none"] += 1
            line.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")
            if command == b"QUIT":
                return


def clamd(line: socketserver.StreamRequestHandler) -> None:
    """Speak clamd's INSTREAM: every file is clean except the EICAR test file."""
    line.rfile.read(10)
    content = b""
    while size := struct.unpack("!I", line.rfile.read(4))[0]:
        content += line.rfile.read(size)
    line.wfile.write(b"stream: Eicar FOUND\0" if EICAR in content else b"stream: OK\0")
