"""What a check of an installation finds, and which settings are too weak for one that others reach."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from cissapp.foundation.core.errors import counted
from config import NAMES, SECRETS, Config

# Names that are read elsewhere, or belong to commands.
OTHER_NAMES = frozenset({"CISS_SETTINGS"})
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Keys that appear in examples, or that a person has typed.
SAMPLE = re.compile(r"change.?me|secret|password|passphrase|example|\btests?\b|^(.{1,20})\1+$")
LEAST_KINDS_OF_CHARACTERS = 10
# No real host has such a name (RFC 2606), so an installation under it is only being tried out.
RESERVED = (".example", ".test", ".invalid")
# Endings of host names that only a private network resolves.
INNER = (".local", ".internal", ".lan", ".localhost")
# The longest pause that is likely, and the longest after which deleting goes on without being asked for: timers
# may have stood still over a summer, but a wrong clock is mostly years ahead.
LONGEST_PAUSE, LONGEST_REST = timedelta(days=35), timedelta(days=400)
MOST_BEHIND = timedelta(minutes=10)
_SYNCHRONISE = "Synchronise the clock with a time server (chrony or systemd-timesyncd)."
_CONTINUE = "If it is right, run `ciss daily --after-a-pause` once."
DEFAULT_SENDER = "no-reply@localhost.example"


class State(StrEnum):
    """The state of something that was checked."""

    OK = "ok"
    WRONG = "wrong"
    ATTENTION = "attention"
    NOT_USED = "not used"


class Finding(Struct, frozen=True):
    """What a check found and, if something is wrong, how to mend it."""

    subject: str
    state: State
    said: str
    mend: str = ""

    @property
    def line(self) -> str:
        """The finding as a line of text, with what mends it on a second one."""
        mend = f"\n{' ' * 24}{self.mend}" if self.mend else ""
        return f"{self.state.value:9}  {self.subject:11}  {self.said}{mend}"


class ClockFault(Struct, frozen=True):
    """Why a clock is probably wrong, and what to do.

    `ahead` if it may be weeks ahead, so that no backup is deleted; `far_ahead` if the day's work must wait, too.
    """

    said: str
    mend: str
    ahead: bool = False
    far_ahead: bool = False


def clock_fault(
    at: datetime,
    *,
    last_run: datetime | None,
    newest_line: datetime | None,
    lines: Iterable[datetime] = (),
) -> ClockFault | None:
    """Compare a moment with the last day's work and the audit trail; None if it is plausible.

    `newest_line` was added last to the trail; `lines` are those since the last run, of which the first and the last
    of each day are enough. An installation in use records something each day, so a step of weeks between two
    records is doubted, even if somebody has signed in after it. After a long pause only a person can tell it from
    a clock that is ahead.
    """
    recorded = [moment for moment in (last_run, *lines) if moment is not None and moment <= at]
    steps = ((after - before, after) for before, after in pairwise([*sorted(recorded), at]))
    # Work of weeks after a pause shows that it was one, unless it was longer than any is likely to be.
    fresh = (step for step in steps if step[0] > LONGEST_REST or at - step[1] <= LONGEST_PAUSE)
    pause, end = max(fresh, default=(timedelta(), at))
    if pause > LONGEST_PAUSE:
        said = f"Nothing was recorded in the {_length(pause)} before {end:%d %B %Y}."
        far = pause > LONGEST_REST
        mend = f"{_SYNCHRONISE} {_CONTINUE}" if far else _SYNCHRONISE
        return ClockFault(said, mend, ahead=True, far_ahead=far)
    known = [moment for moment in (newest_line, last_run) if moment is not None]
    if known and (behind := max(known) - at) > MOST_BEHIND:
        said = f"This machine's clock is {_length(behind)} behind what was recorded before."
        return ClockFault(said, _SYNCHRONISE)
    return None


def _length(span: timedelta) -> str:
    if span < timedelta(days=2):
        return counted(int(span.total_seconds() // 60), "minute")
    return counted(span.days, "day")


def is_real(config: Config) -> bool:
    """Return whether the installation can be reached from other machines."""
    return not config.testing and not _is_loopback(urlsplit(config.base_url).hostname)


def _is_loopback(host: str | None) -> bool:
    return host is None or host in LOOPBACK or host.startswith("127.")


def weak_settings(config: Config, *, debugging: bool, keys_exposed: bool) -> list[str]:
    """List each setting that is too weak for an installation that others reach; none if only this machine does.

    `keys_exposed` means that other users of the machine can read the signing keys.
    """
    if not is_real(config):
        return []
    tried_out = (urlsplit(config.base_url).hostname or "").endswith(RESERVED)
    return [
        *_weak_secrets(config),
        *([] if tried_out else _not_for_public(config)),
        *_weak_switches(config, debugging=debugging),
        *_weak_lines(config),
        *(
            [
                (
                    "CISS_KEYS_DIR can be read by others on this machine; run `chmod -R go="
                    f" {config.keys_dir}`"
                )
            ]
            if keys_exposed
            else []
        ),
    ]


def _weak_secrets(config: Config) -> Iterator[str]:
    fresh = "make a new one with `openssl rand -hex 32`"
    for name, key in [
        ("CISS_SECRET_KEY", config.secret_key),
        *(("CISS_SECRET_KEY_OLD", old) for old in config.secret_key_old),
    ]:
        if len(set(key)) < LEAST_KINDS_OF_CHARACTERS or SAMPLE.search(key.lower()):
            yield f"{name} is easy to guess; {fresh}"
    if config.secret_key in config.secret_key_old:
        yield f"CISS_SECRET_KEY is also in CISS_SECRET_KEY_OLD, so it was not replaced; {fresh}"


def _not_for_public(config: Config) -> Iterator[str]:
    if not config.secure:
        yield (
            "CISS_BASE_URL begins with http://, so passwords would cross the network unencrypted;"
            " use https://"
        )
    if config.mail_url.startswith("file:"):
        yield "CISS_MAIL_URL is a folder, so no email would be sent; set it to a mail server"
    if config.mail_from == DEFAULT_SENDER:
        yield (
            "CISS_MAIL_FROM is not set, so emails would come from an address that does not exist;"
            " set it"
        )


def _weak_switches(config: Config, *, debugging: bool) -> Iterator[str]:
    if debugging:
        yield "FLASK_DEBUG is on, so errors would show visitors internal details; remove it"
    if not config.second_factor:
        yield (
            "CISS_SECOND_FACTOR is 0, so a stolen password alone would open a staff account;"
            " remove it"
        )
    if config.webhooks_to_loopback:
        yield "CISS_WEBHOOKS_TO_LOOPBACK is 1, which is for testing only; remove it"
    if config.demo:
        yield "CISS_DEMO is 1, and everybody knows the demonstration's passwords; remove it"


def _weak_lines(config: Config) -> Iterator[str]:
    mail = urlsplit(config.mail_url)
    in_clear = mail.scheme == "smtp" and "starttls" not in parse_qs(mail.query)
    if mail.password and in_clear and not _is_inner(mail.hostname):
        yield "CISS_MAIL_URL sends its password unencrypted; use smtps:// or add ?starttls=1"
    store = urlsplit(config.s3_endpoint)
    if store.scheme == "http" and not _is_inner(store.hostname):
        yield (
            "CISS_S3_ENDPOINT is http:// to another network, so documents would travel"
            " unencrypted; use https://"
        )
    yield from _weak_services(config)


def _weak_services(config: Config) -> Iterator[str]:
    """List services in other networks that are reached unencrypted, or without verifying who answers."""
    for name, url in (
        ("CISS_DATABASE_URL", config.database_url),
        ("CISS_REPLICA_URL", config.replica_url),
    ):
        asked = parse_qs(urlsplit(url).query)
        host = urlsplit(url).hostname or asked.get("host", [""])[0]
        checked = asked.get("sslmode", [""])[0] == "verify-full"
        if url.startswith("postgresql") and not checked and not _is_inner(host):
            yield (
                f"{name} leads to another network without checking the server's certificate; add"
                " sslmode=verify-full&sslrootcert=system"
            )
    for name, url in (("CISS_LIMITS_URL", config.limits_url), ("CISS_QUEUE_URL", config.queue_url)):
        if url.startswith("redis://") and not _is_inner(urlsplit(url).hostname):
            yield (
                f"{name} is redis:// to another network, so its password would travel unencrypted; use"
                " rediss://"
            )
    scanner = urlsplit(config.clamd_url)
    if scanner.scheme == "tcp" and not _is_inner(scanner.hostname):
        yield (
            "CISS_CLAMD_URL leads to another network, so documents would travel unencrypted; run"
            " clamd on this machine"
        )


def _is_inner(host: str | None) -> bool:
    """Return whether a host is this machine or belongs to a private network."""
    if host is None or _is_loopback(host) or not re.search("[.:]", host):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith(INNER)


def unknown_names(found: dict[str, str]) -> list[str]:
    """List each setting that nothing reads, with the one that may be meant."""
    known = {*NAMES, *OTHER_NAMES, *(f"{name}_FILE" for name in SECRETS)}
    said = []
    for name in sorted(set(found) - known):
        if name.startswith("CISS_"):
            near = get_close_matches(name, known, n=1, cutoff=0.75)
            said.append(
                f"{name} is not a setting" + (f"; perhaps you mean {near[0]}" if near else "")
            )
    return said
