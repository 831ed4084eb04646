"""Checks what is reached over the network or the disk: files, mail, scanner, time stamps, own address."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from cissapp.foundation.core import clock
from cissapp.foundation.core.installation import probes
from cissapp.foundation.core.mail import MailMessage, mailer_at
from cissapp.foundation.core.storage import store_at
from cissapp.foundation.intake import ocr
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason
from cissapp.foundation.intake.scan import scan
from cissapp.operate.operations.rules import Finding, State, is_real
from config import Config

MEGABYTE = 1_000_000
SCARCE, FULL = 2000 * MEGABYTE, 300 * MEGABYTE
SECONDS = 5
MOST_APART = timedelta(seconds=30)
# The standard harmless text that every scanner reports as a virus, split so that none finds it here.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _finding(subject: str, fault: probes.Fault) -> Finding:
    return Finding(subject, State.WRONG, f"Cannot be used: {fault.said}.", fault.mend)


def file_store(config: Config) -> Iterator[Finding]:
    """Write a file into the store, read it back, and remove it."""
    try:
        fault = probes.store_trial(store_at(config.files_url, **config.s3_settings))
    except ValueError as error:
        fault = probes.Fault(str(error), "Correct CISS_FILES_URL.")
    if fault:
        yield _finding("files", fault)
    else:
        place = "bucket" if config.files_url.startswith("s3:") else "folder"
        yield Finding(
            "files", State.OK, f"A test file was written to the {place}, read back and removed."
        )


def mail(config: Config, send_to: str = "") -> Iterator[Finding]:
    """Connect and sign in to the mail server; send a mail only to an address that is named."""
    mailer = mailer_at(config.mail_url, config.mail_from)
    if fault := probes.mail_fault(mailer):
        yield _finding("mail", fault)
        return
    if config.mail_url.startswith("file:"):
        yield Finding("mail", State.ATTENTION, "Emails are written to a folder; none are sent.")
    elif not send_to:
        yield Finding("mail", State.OK, "The server accepts emails. No test email was sent.")
    if send_to:
        letter = MailMessage(send_to, "CISS: test email", "This installation can send emails.\n")
        try:
            mailer.send(letter)
        except (OSError, ValueError) as error:
            yield Finding(
                "mail",
                State.WRONG,
                f"The test email was refused: {probes.answer_of_mail_server(error)}.",
                "If the server does not accept the sender, correct CISS_MAIL_FROM or the server's"
                " relay rules. If it does not accept the recipient, correct --send-to. An answer"
                " that begins with 4 is temporary: try again later.",
            )
        else:
            yield Finding(
                "mail", State.OK, f"A test email was sent to {send_to}. Check that it arrives."
            )


def counters(config: Config) -> Iterator[Finding]:
    """Check Redis, if rate limits are counted there."""
    if config.limits_url.startswith("memory:"):
        yield Finding("redis", State.NOT_USED, "Each process counts rate limits itself.")
    elif fault := probes.redis_fault(config.limits_url, "CISS_LIMITS_URL"):
        yield _finding("redis", fault)
    else:
        yield Finding("redis", State.OK, "It answers.")


def queue(config: Config) -> Iterator[Finding]:
    """Check the queue that wakes background workers, if they run as separate processes."""
    if not config.queue_url:
        yield Finding("queue", State.NOT_USED, "The service runs background tasks itself.")
    elif fault := probes.redis_fault(config.queue_url, "CISS_QUEUE_URL"):
        yield _finding("queue", fault)
    else:
        yield Finding("queue", State.OK, "It answers. `ciss worker` runs the background tasks.")


def scanner(config: Config) -> Iterator[Finding]:
    """Have the virus scanner check a harmless text, and one that every scanner must report."""
    if not config.clamd_url:
        yield Finding("clamd", State.NOT_USED, "Uploads are not checked for viruses.")
        return
    mend = "Start clamd, or correct CISS_CLAMD_URL. Uploads are refused until then."
    for content, wanted in ((b"harmless", None), (TEST_VIRUS, RejectionReason.VIRUS)):
        try:
            scan(content, config.clamd_url)
            result = None
        except FileRejected as rejected:
            result = rejected.reason
        if result is not wanted:
            away = result is RejectionReason.NOT_SCANNED
            said = (
                "It does not answer."
                if away
                else "It answers, but does not recognise the test virus."
            )
            yield Finding("clamd", State.WRONG, said, mend)
            return
    yield Finding("clamd", State.OK, "It answers and finds the test virus.")


def time_stamps(config: Config) -> Iterator[Finding]:
    """Request a time stamp from the time-stamp service."""
    if not config.tsa_url:
        yield Finding("time stamp", State.NOT_USED, "Certificates are signed without a time stamp.")
        return
    from cissapp.foundation.signing.timestamp_service import trial  # noqa: PLC0415 -- slow import

    try:
        trial(config.tsa_url)
    except (OSError, ValueError) as error:
        meant = probes.meaning(error, probes.NETWORK)
        yield _finding("time stamp", probes.fault_of(meant, "CISS_TSA_URL"))
    else:
        yield Finding("time stamp", State.OK, "The service issues time stamps.")


def reading(_config: Config) -> Iterator[Finding]:
    """Check whether text in photographs and scans can be read."""
    models = ocr.installed_models()
    missing = sorted({*ocr.MODELS.values(), ocr.ORIENTATION} - models)
    if not models:
        said = "Tesseract is not installed, so text in photographs and scans is not read."
        yield Finding("tesseract", State.NOT_USED, said)
    elif missing:
        packages = " ".join(f"tesseract-ocr-{name}" for name in missing)
        said = f"Tesseract lacks some languages: {', '.join(missing)}."
        yield Finding("tesseract", State.ATTENTION, said, f"Run `apt install {packages}`.")
    else:
        yield Finding("tesseract", State.OK, "It reads all languages of the programme.")


def disk(config: Config) -> Iterator[Finding]:
    """Check how much room is left on the disks that are written to."""
    for path, named in _folders(config).items():
        try:
            free = shutil.disk_usage(path).free
        except OSError:
            continue
        state = State.WRONG if free < FULL else State.ATTENTION if free < SCARCE else State.OK
        mend = "" if state is State.OK else "Free some space, or use a larger disk."
        said = f"{free // MEGABYTE:,} MB free for {' and '.join(named)}."
        yield Finding("disk", state, said, mend)


def _folders(config: Config) -> dict[Path, list[str]]:
    """Return the folders that are written to, one per disk, with the names of what is stored there."""
    wanted = {"files": urlsplit(config.files_url).path if config.files_url[:5] == "file:" else ""}
    if config.database_url.startswith("sqlite"):
        wanted["the database"] = make_url(config.database_url).database or ""
    disks: dict[int, tuple[Path, list[str]]] = {}
    for name, place in wanted.items():
        path = next((one for one in [Path(place), *Path(place).parents] if one.exists()), None)
        if place and path:
            disks.setdefault(path.stat().st_dev, (path, []))[1].append(name)
    return dict(disks.values())


def own_address(config: Config) -> Iterator[Finding]:
    """Request the public address as a visitor would: whether it answers, over TLS, with the right time."""
    if not is_real(config):
        yield Finding(
            "address", State.NOT_USED, f"{config.base_url} can only be reached from this machine."
        )
        return
    try:
        answer = _asked(config.base_url)
    except (OSError, HTTPException) as error:
        meant = probes.meaning(error, probes.NETWORK)
        mend = (
            "Check that the service and the proxy are running, and that the DNS entry and"
            " CISS_BASE_URL are right."
        )
        yield Finding("address", State.WRONG, f"{config.base_url}: {meant}.", mend)
        return
    yield from _of_answer(config, answer)


def _asked(base_url: str) -> HTTPResponse:
    parts = urlsplit(base_url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse()
    finally:
        connection.close()


def _of_answer(config: Config, answer: HTTPResponse) -> Iterator[Finding]:
    if answer.status != 200:
        said = f"{config.base_url} answers with status {answer.status} instead of 200."
        yield Finding(
            "address",
            State.WRONG,
            said,
            "Check that `ciss serve` is running, and read the proxy's log.",
        )
        return
    if config.secure and not answer.getheader("Strict-Transport-Security"):
        said = "The answer has no HSTS header (Strict-Transport-Security)."
        yield Finding(
            "address",
            State.WRONG,
            said,
            "Configure the proxy to pass on the headers that CISS sends (deploy/nginx-ciss.conf).",
        )
    told = answer.getheader("Date")
    apart = abs(parsedate_to_datetime(told) - clock.now()) if told else timedelta()
    if apart > MOST_APART:
        said = f"The proxy's clock differs from this machine's by {apart.total_seconds():.0f} s."
        mend = "Synchronise both with a time server (chrony or systemd-timesyncd)."
        yield Finding("clock", State.WRONG, said, mend)
    yield Finding("address", State.OK, f"{config.base_url} answers.")
