"""A time-stamp authority for tests: `openssl ts` behind a small web server on this machine."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

OPENSSL = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
ess_cert_id_chain = no
[req]
distinguished_name = name
prompt = no
[name]
CN = Time stamps for tests
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamps]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
"""


class Authority:
    """Answers requests; `how` is "well", or in which way it fails."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.how, self.asked = folder, "well", 0
        folder.mkdir()
        self.settings = folder / "openssl.cnf"
        self.settings.write_text(OPENSSL.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "900"]
        self._run("req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem",
                  "-subj", "/CN=Root of stamps", "-extensions", "root")  # fmt: skip
        self._run("req", "-x509", *new, "-keyout", "tsa.key", "-out", "tsa.pem", "-CA", "root.pem",
                  "-CAkey", "root.key", "-extensions", "stamps")  # fmt: skip

    def _run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            ["openssl", command, "-config", str(self.settings), *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )

    def answer(self, request: bytes) -> bytes:
        """Give the stamp for a request."""
        (self.folder / "request").write_bytes(request)
        self._run("ts", "-reply", "-queryfile", "request", "-signer", "tsa.pem", "-inkey", "tsa.key",
                  "-chain", "root.pem", "-out", "reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """Let an authority answer at an address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            request = self.rfile.read(int(self.headers["Content-Length"]))
            body = b"nothing" if authority.how == "nonsense" else authority.answer(request)
            self.send_response(503 if authority.how == "busy" else 200)
            kind = "text/html" if authority.how == "page" else "application/timestamp-reply"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
