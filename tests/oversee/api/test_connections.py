"""Sending to a receiver that means harm: it is cut off in time, and nothing of it is read."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from cissapp.foundation.core.network import outbound
from cissapp.foundation.core.network.outbound import is_public
from cissapp.oversee.api.rules.webhooks import SendFailure, url_problems
from cissapp.oversee.api.services import connections
from cissapp.oversee.api.services.connections import Answer

SECONDS = 0.4
HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def receiver(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen at an address, and answer each connection in a thread until the other side hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def speak(link: socket.socket) -> None:
        with link, suppress(OSError, ssl.SSLError):
            answer(link)

    def listen() -> None:
        with suppress(OSError):
            while True:
                link, _address = listening.accept()
                threading.Thread(target=speak, args=[link], daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    with listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def drip(link: socket.socket, start: bytes, each: bytes) -> None:
    """Send something again and again, faster than a pause that would be noticed by itself."""
    link.sendall(start)
    for _number in range(200):
        link.sendall(each)
        time.sleep(0.02)


def answer_and_listen(link: socket.socket) -> None:
    """Answer, and read until the sender hangs up: to close before it has sent all would be a fault of its own."""
    link.sendall(HEAD + b"\r\n")
    while link.recv(1024):
        pass


def post(url: str) -> tuple[Answer, bool]:
    """Send to it; say whether the sender came back in time."""
    began = time.monotonic()
    answer = connections.post(url, "{}", {}, loopback=True, seconds=SECONDS)
    return answer, time.monotonic() - began < SECONDS + 2


ENDLESS = {
    "nothing": (b"", b""),
    "a byte after the other": (HEAD + b"x: ", b"y"),
    "headers": (HEAD, b"a: b\r\n"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_who_never_comes_to_an_end_is_cut_off(kind: str):
    start, each = ENDLESS[kind]
    with receiver(lambda link: drip(link, start, each)) as place:
        answer, in_time = post(f"http://{place}/")

    assert in_time
    assert answer.status is None
    assert answer.failure in {SendFailure.TIMEOUT, SendFailure.BROKEN}  # 100 headers are too many


@pytest.mark.parametrize("more", [b"", b"connection: close\r\n", b"content-length: 999999999\r\n"])
def test_an_endless_body_is_not_read(more: bytes):
    with receiver(lambda link: drip(link, HEAD + more + b"\r\n", b"x" * 1000)) as place:
        assert post(f"http://{place}/") == (Answer(200), True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of 127.0.0.1 that signs itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_behind_tls_too_who_answers_slowly_is_cut_off(certificate: Path, monkeypatch):
    """The handshake takes nearly all of the time, the answer the rest."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(outbound.ssl, "create_default_context", lambda: trusting)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def slow(link: socket.socket) -> None:
        time.sleep(SECONDS * 0.6)
        with context.wrap_socket(link, server_side=True) as secured:
            drip(secured, HEAD + b"x: ", b"y")

    def stalled(link: socket.socket) -> None:
        drip(link, b"", b"")

    for answer in (slow, stalled):
        with receiver(answer) as place:
            assert post(f"https://{place}/") == (Answer(None, SendFailure.TIMEOUT), True)


def test_a_certificate_that_nobody_vouches_for_is_named(certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def secured(link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as inner:
            inner.sendall(HEAD + b"\r\n")

    with receiver(secured) as place:
        assert post(f"https://{place}/") == (Answer(None, SendFailure.NOT_SECURE), True)


def test_a_name_that_is_looked_up_for_too_long_is_not_connected_to(monkeypatch):
    got: list[bytes] = []

    def slow(*_arguments: object, **_values: object) -> list[object]:
        moments.append(1000.0)
        return [(2, 1, 6, "", ("127.0.0.1", 1))]

    moments = [0.0]
    monkeypatch.setattr(outbound.time, "monotonic", lambda: moments[-1])
    monkeypatch.setattr(connections.socket, "getaddrinfo", slow)
    with receiver(lambda link: got.append(link.recv(10))) as place:
        answer = connections.post(f"http://{place}/", "{}", {}, loopback=True, seconds=SECONDS)

    assert (answer, got) == (Answer(None, SendFailure.TIMEOUT), [])


@pytest.mark.parametrize("first", ["refuses", "is silent"])
def test_a_name_is_reached_at_its_second_address_if_the_first_leads_nowhere(first, monkeypatch):
    """As where a machine has an IPv6 address, but no way out with it."""

    def found(name: str, *rest: object, **values: object) -> list[object]:
        if name != "receiver.example":
            return look_up(name, *rest, **values)
        return [(2, 1, 6, "", ("127.0.0.2", 0)), (2, 1, 6, "", ("127.0.0.1", 0))]

    look_up, connect = socket.getaddrinfo, socket.create_connection

    def connected(address: tuple[str, int], seconds: float) -> socket.socket:
        if address[0] == "127.0.0.2":
            if first == "is silent":
                time.sleep(seconds)
            raise OSError(first)
        return connect(address, seconds)

    monkeypatch.setattr(outbound.socket, "getaddrinfo", found)
    monkeypatch.setattr(outbound.socket, "create_connection", connected)
    with receiver(answer_and_listen) as place:
        port = place.partition(":")[2]
        assert post(f"http://receiver.example:{port}/") == (Answer(200), True)


PRIVATE = [
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:1::1",
    "2001:db8::1",
    "3fff::1",
    "fec0::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "100::1",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.170",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]


def test_no_address_inwards_is_public():
    assert [one for one in PRIVATE if is_public(ip_address(one))] == []
    assert is_public(ip_address("1.1.1.1"))
    assert is_public(ip_address("2606:4700::1111"))


def test_an_address_that_hides_where_it_leads_is_refused():
    hidden = [
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fec0::1]/",
        "https://user@example.org/",
        "https://:p@example.org/",
        "https://@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://a.localhost/",
        "https://localhost./",
        "https://a.internal/",
        "https://example.org\\@127.0.0.1/",
        "https:///x",
        "https:x",
        "http://example.org/",
        "ftp://example.org/",
        "https://169.254.169.254/latest",
    ]

    assert [url for url in hidden if not url_problems(url, loopback=False)] == []
    assert url_problems("https://example.org:8443/hook?a=b", loopback=False) == []
