"""Answers whether a certificate is worth what it says: by its code, or by the file itself.

The register decides, not the file. A file that the register does not know by its hash is never
parsed on the server: it is only searched for one of our codes, to tell an altered certificate from
something else.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from cissapp.certificates import pdf, queries, register, seal
from cissapp.certificates.facts import Facts, read
from cissapp.certificates.keys import Keyring
from cissapp.certificates.models import Certificate, RegisterEntry
from cissapp.certificates.rules import (
    Status,
    by_date,
    is_code,
    normalise_code,
)
from cissapp.core.errors import N_

LARGEST = 10_000_000
CODES = 20
CODE = re.compile(rb"(?<![0-9A-Z-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}(?![0-9A-Z-])")


class Answer(StrEnum):
    """The one word that a check ends in."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


ANSWER_NAMES = {
    Answer.VALID: N_("Valid"),
    Answer.EXPIRING: N_("Valid, expiring soon"),
    Answer.EXPIRED: N_("Expired"),
    Answer.SUSPENDED: N_("Suspended"),
    Answer.WITHDRAWN: N_("Withdrawn"),
    Answer.REPLACED: N_("Replaced by a newer certificate"),
    Answer.ALTERED: N_("Altered"),
    Answer.NOT_OURS: N_("Not one of ours"),
    Answer.UNKNOWN: N_("Could not be checked"),
}

GOOD = frozenset({Answer.VALID, Answer.EXPIRING})


class Outcome(StrEnum):
    """How one thing that was checked came out."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what, how it came out, and a sentence with its values."""

    what: str
    outcome: Outcome
    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The answer, the certified facts if the certificate is one of ours, and all that was checked."""

    answer: Answer
    facts: Facts | None = None
    checks: tuple[Check, ...] = ()

    @property
    def good(self) -> bool:
        """Whether one may rely on the certificate today."""
        return self.answer in GOOD


FILE = N_("This file")
SIGNATURE = N_("Signature")
REGISTER = N_("In the register")
STATUS = N_("Status")
DATES = N_("Dates")
CODE_NAME = N_("Code")


# --- by code -----------------------------------------------------------------------------------


def check_code(raw: str, *, at: datetime, expiring_days: int) -> Verdict:
    """Say what the certificate of a code is worth today."""
    code = normalise_code(raw)
    if not is_code(code):
        sentence = N_(
            "There is a mistake in this code. Compare it with the certificate, mark by mark."
        )
        return Verdict(Answer.NOT_OURS, None, (Check(CODE_NAME, Outcome.NO, sentence),))
    certificate = queries.by_code(code)
    if certificate is None:
        sentence = N_("The register has no certificate with this code.")
        return Verdict(Answer.NOT_OURS, None, (Check(REGISTER, Outcome.NO, sentence),))
    return _weighed(certificate, (), at=at, expiring_days=expiring_days)


def _weighed(
    certificate: Certificate, before: tuple[Check, ...], *, at: datetime, expiring_days: int
) -> Verdict:
    """Look at the register and at the calendar; whatever does not add up there makes it unknown."""
    fault = register.certificate_fault(certificate) or next(
        filter(None, (register.entry_fault(entry) for entry in certificate.entries)), None
    )
    if fault:
        sentence = N_("The entry is not as it was written. The secretariat has to look into it.")
        return Verdict(Answer.UNKNOWN, None, (*before, Check(REGISTER, Outcome.UNKNOWN, sentence)))
    facts = read(certificate.facts)
    status = queries.status(certificate, at.astimezone(UTC).date(), expiring_days)
    entered = Check(
        REGISTER,
        Outcome.YES,
        N_("under the number %(number)s since %(day)s, unchanged"),
        {"number": facts.number, "day": facts.decided_on},
    )
    checks = (*before, entered, *_standing(status, certificate.entries[-1], facts, at))
    answer = Answer(status.value)
    if answer in GOOD and any(check.outcome is not Outcome.YES for check in before):
        answer = Answer.UNKNOWN
    return Verdict(answer, facts, checks)


DECIDED = {
    Status.SUSPENDED: N_("suspended since %(day)s; it may not be relied on for now"),
    Status.WITHDRAWN: N_("withdrawn on %(day)s; it is not valid any more"),
    Status.REPLACED: N_("replaced by a newer certificate on %(day)s"),
}


def _standing(status: Status, last: RegisterEntry, facts: Facts, at: datetime) -> Iterator[Check]:
    if status in DECIDED:
        values = {"day": last.at.astimezone(UTC).date()}
        yield Check(STATUS, Outcome.NO, DECIDED[status], values)
    else:
        sentence = N_("not suspended, not withdrawn; asked at %(moment)s")
        yield Check(STATUS, Outcome.YES, sentence, {"moment": at})
    yield _dates(status, facts, at.astimezone(UTC).date())


def _dates(status: Status, facts: Facts, today: date) -> Check:
    values = {"from": facts.valid_from_on, "until": facts.valid_until_on}
    if status is Status.UNKNOWN:
        sentence = N_("It begins on %(from)s. The clock of this service may be wrong.")
        return Check(DATES, Outcome.UNKNOWN, sentence, values)
    if today > facts.valid_until_on:
        return Check(DATES, Outcome.NO, N_("from %(from)s until %(until)s: that is over"), values)
    return Check(DATES, Outcome.YES, N_("from %(from)s until %(until)s"), values)


# --- by file -----------------------------------------------------------------------------------


def check_file(content: bytes, ring: Keyring, *, at: datetime, expiring_days: int) -> Verdict:
    """Say whether a file is a certificate as it was issued, and what it is worth today."""
    if len(content) > LARGEST:
        sentence = N_("is larger than 10 MB. A certificate has less than 0.1 MB.")
        return Verdict(Answer.UNKNOWN, None, (Check(FILE, Outcome.UNKNOWN, sentence),))
    certificate = queries.by_file(hashlib.sha256(content).hexdigest())
    if certificate is None:
        return _unknown_file(content)
    same = Check(FILE, Outcome.YES, N_("is the certificate that was issued, unchanged"))
    signature = _signature(seal.examine(content, ring), certificate.key_id)
    return _weighed(certificate, (same, signature), at=at, expiring_days=expiring_days)


def _signature(found: seal.Seal, key_id: str) -> Check:
    if not found.good or found.key is None or found.key.id != key_id:
        sentence = N_("could not be checked: the public key %(key)s is not at hand")
        return Check(SIGNATURE, Outcome.UNKNOWN, sentence, {"key": key_id})
    values = {"name": found.key.organisation, "key": found.key.id}
    return Check(
        SIGNATURE, Outcome.YES, N_("by %(name)s, key %(key)s, over the whole file"), values
    )


def _unknown_file(content: bytes) -> Verdict:
    """Tell an altered certificate from something else, by the codes that stand in the file."""
    if not content:
        sentence = N_("is empty.")
        return Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
    codes = codes_in(content)
    certificate = queries.by_codes(codes) if codes else None
    if certificate is None:
        sentence = N_(
            "is not a certificate of this register, or it is damaged. A photo, a scan or a printout cannot be checked as a file: type its code instead."
        )
        return Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
    changed = Check(
        FILE,
        Outcome.NO,
        N_(
            "carries the code of the certificate %(number)s, but is not the file that was issued. Do not rely on it."
        ),
        {"number": certificate.number},
    )
    if register.certificate_fault(certificate):
        return Verdict(Answer.ALTERED, None, (changed,))
    return Verdict(Answer.ALTERED, read(certificate.facts), (changed,))


def codes_in(content: bytes) -> list[str]:
    """List the codes that stand in a file as plain text, also where it is written with two bytes a mark."""
    found: dict[str, None] = {}
    for text in (content, content.replace(b"\x00", b"")):
        for match in CODE.finditer(text):
            code = match.group().decode().replace("-", "")
            if is_code(code):
                found[code] = None
            if len(found) >= CODES:
                return list(found)
    return list(found)


# --- without the register ----------------------------------------------------------------------


def verify_offline(content: bytes, ring: Keyring, *, today: date, expiring_days: int) -> Verdict:
    """Say what file and public keys alone can tell: genuine or not, and the dates; not the status."""
    found = seal.examine(content, ring)
    if not found.good or found.key is None:
        return _not_genuine(found)
    text = pdf.facts_in(content)
    try:
        facts = read(text or "")
    except ValueError:
        sentence = N_("is signed, but carries no facts of a certificate.")
        return Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
    status = by_date(facts.valid_until_on, today, expiring_days)
    checks = (
        Check(FILE, Outcome.YES, N_("is as it was signed, unchanged")),
        _signature(found, facts.key_id),
        Check(
            STATUS,
            Outcome.UNKNOWN,
            N_("whether it was suspended or withdrawn, only the register can tell: %(address)s"),
            {"address": facts.address},
        ),
        _dates(status, facts, today),
    )
    if facts.key_id != found.key.id:
        return Verdict(Answer.ALTERED, facts, checks)
    return Verdict(Answer(status.value), facts, checks)


def _not_genuine(found: seal.Seal) -> Verdict:
    if not found.readable:
        sentence = N_("is damaged, or is no PDF.")
        return Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
    if found.signatures != 1:
        sentence = N_("has %(count)s signatures; a certificate has exactly one.")
        checks = (Check(SIGNATURE, Outcome.NO, sentence, {"count": found.signatures}),)
        return Verdict(Answer.ALTERED if found.signatures else Answer.NOT_OURS, None, checks)
    if found.key is None and found.intact:
        sentence = N_("is by a key that is not one of ours.")
        return Verdict(Answer.NOT_OURS, None, (Check(SIGNATURE, Outcome.NO, sentence),))
    sentence = N_("was changed after it was signed.")
    return Verdict(Answer.ALTERED, None, (Check(FILE, Outcome.NO, sentence),))
