"""Says what a file is worth without the register: from public keys, a snapshot and a proof of the log."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.rules import RegisterEvent, Status, status_by_date
from cissapp.certify.transparency.rules import proofs
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import KeyKind, Verifier
from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking import credentials, statements
from cissapp.verify.verification.checking.key_and_dates import dates, key_checks
from cissapp.verify.verification.checking.snapshots import VALID, BadSnapshot, Row, Snapshot
from cissapp.verify.verification.checking.verdicts import Verdict
from cissapp.verify.verification.rules import (
    CARRIERS,
    FILE,
    KEY,
    LARGEST,
    PROOF,
    SIGNATURE,
    SNAPSHOT,
    STATUS,
    Answer,
    Check,
    Outcome,
    concluded,
    kind_of,
)

EVENTS = {
    RegisterEvent.SUSPENDED.value: Answer.SUSPENDED,
    RegisterEvent.WITHDRAWN.value: Answer.WITHDRAWN,
    RegisterEvent.REPLACED.value: Answer.REPLACED,
}


@dataclass(frozen=True)
class Known:
    """What is at hand beside the file: public keys, and if somebody has them a snapshot and a proof."""

    ring: Keyring
    snapshot: Snapshot | None = None
    proof: dict[str, Any] | None = None

    @property
    def keys(self) -> Keyring:
        """The public keys, with the marks of the snapshot."""
        return self.snapshot.marked(self.ring) if self.snapshot else self.ring


@dataclass(frozen=True)
class Genuine:
    """A file whose signature holds, and what it says; of a credential neither the facts nor the PDF's hash are known."""

    code: str
    number: str
    valid_from_on: date
    valid_until_on: date
    address: str
    key_id: str
    before: tuple[Check, ...]
    facts: CertificateFacts | None = None
    file_sha256: str | None = None


def check_offline(content: bytes, known: Known, *, at: datetime, expiring_days: int) -> Verdict:
    """Say of a file what can be told without the register: genuine or not, the dates, and what is at hand."""
    today = at.astimezone(UTC).date()
    if len(content) > LARGEST:
        sentence = N_("is larger than 10 MB. A certificate has less than 0.1 MB.")
        return Verdict(Answer.UNKNOWN, None, (Check(FILE, Outcome.UNKNOWN, sentence),))
    of_credential = kind_of(content) in CARRIERS
    genuine = _credential(content, known, at) if of_credential else _pdf(content, known)
    if isinstance(genuine, Verdict):
        return replace(genuine, status_checked=False)
    return weighed(genuine, known, today=today, expiring_days=expiring_days)


def _pdf(content: bytes, known: Known) -> Genuine | Verdict:
    found = seal.examine(content, known.keys)
    if not found.good or found.key is None:
        return _not_genuine(found)
    try:
        facts = read_facts(pdf.facts_in(content) or "")
    except ValueError:
        if statements.says_so(content):
            return statements.opened(content, known.keys)
        sentence = N_("is signed, but carries no facts of a certificate.")
        return Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
    if facts.key_id != found.key.id:
        sentence = N_("names another key than the one that signed it.")
        return Verdict(Answer.ALTERED, None, (Check(SIGNATURE, Outcome.NO, sentence),))
    values = {"name": found.key.organisation, "key": found.key.id}
    before = (
        Check(FILE, Outcome.YES, N_("is as it was signed, unchanged")),
        Check(SIGNATURE, Outcome.YES, N_("by %(name)s, key %(key)s, over the whole file"), values),
    )
    return Genuine(
        facts.code,
        facts.number,
        facts.valid_from_on,
        facts.valid_until_on,
        facts.address,
        found.key.id,
        before,
        facts,
        hashlib.sha256(content).hexdigest(),
    )


def _credential(content: bytes, known: Known, at: datetime) -> Genuine | Verdict:
    found = credentials.examined(content, known.keys, at=at)
    if found is None and statements.says_so(content):
        return statements.opened(content, known.keys)
    if found is None:
        sentence = N_("is damaged, or is no credential.")
        return Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
    refused = credentials.refusal(found)
    code = credentials.code_of(found.document)
    if refused or code is None:
        sentence = N_("names no certificate.")
        unnamed = Verdict(Answer.NOT_OURS, None, (Check(FILE, Outcome.NO, sentence),))
        return refused or unnamed
    since, until = credentials.days(found.document)
    return Genuine(
        code,
        str(found.document["credentialSubject"]["licenseNumber"]),
        since,
        until,
        str(found.document["id"]),
        str(found.key_id),
        credentials.signed_checks(found, known.keys),
    )


def weighed(genuine: Genuine, known: Known, *, today: date, expiring_days: int) -> Verdict:
    """Look at what is at hand beside a genuine file: snapshot, proof of the log, key, calendar."""
    row, proven, held = None, None, list(genuine.before)
    if known.snapshot:
        row, check = _in_snapshot(known.snapshot, genuine)
        held.append(check)
    if known.proof is not None:
        proven, check = _in_log(known.proof, known.ring, genuine)
        held.append(check)
    held += key_checks(known.keys, genuine.key_id, _signed_at(row, proven))
    decided, status = _status(known.snapshot, row, proven, genuine, today)
    calendar = status_by_date(genuine.valid_until_on, today, expiring_days)
    begun = today >= genuine.valid_from_on
    checks = (*held, status, dates(calendar if begun else Status.UPCOMING, genuine, today))
    refused = next((one for one in held if one.outcome is Outcome.NO), None)
    if refused:
        ours = refused.what != KEY
        answer = Answer.ALTERED if ours else Answer.NOT_OURS
        return Verdict(answer, genuine.facts if ours else None, checks)
    answer = decided or (Answer(calendar.value) if begun else Answer.UPCOMING)
    asked = [*held, status] if known.snapshot else held
    return Verdict(
        concluded(answer, asked),
        genuine.facts,
        checks,
        status_checked=status.outcome is not Outcome.UNKNOWN,
    )


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


# --- the snapshot ------------------------------------------------------------------------------


def _in_snapshot(snapshot: Snapshot, genuine: Genuine) -> tuple[Row | None, Check]:
    values = {"day": snapshot.day}
    try:
        row = snapshot.of(genuine.code)
    except BadSnapshot:
        sentence = N_("its row of %(day)s cannot be read")
        return None, Check(SNAPSHOT, Outcome.UNKNOWN, sentence, values)
    if row is None:
        newer = genuine.valid_from_on >= snapshot.day
        sentence = (
            N_("the snapshot of %(day)s is older than the certificate")
            if newer
            else N_("the snapshot of %(day)s does not know this certificate")
        )
        return None, Check(SNAPSHOT, Outcome.UNKNOWN, sentence, values)
    other = row.file_sha256 and genuine.file_sha256 and row.file_sha256 != genuine.file_sha256
    if other:
        sentence = N_("the register had another file under this code on %(day)s")
        return row, Check(SNAPSHOT, Outcome.NO, sentence, values)
    return row, Check(SNAPSHOT, Outcome.YES, N_("as it stood in the register on %(day)s"), values)


def _status(
    snapshot: Snapshot | None,
    row: Row | None,
    proven: proofs.LogProof | None,
    genuine: Genuine,
    today: date,
) -> tuple[Answer | None, Check]:
    """Say what was decided, as far as snapshot and proof know; the newest of the two counts."""
    said = _decided(snapshot, row, proven)
    if said:
        word, at = said
        sentence = N_("it was %(word)s on %(day)s; it may not be relied on")
        values = {"word": word.value, "day": at.astimezone(UTC).date()}
        return word, Check(STATUS, Outcome.NO, sentence, values)
    if snapshot and row and snapshot.is_old(today):
        sentence = N_(
            "not suspended, not withdrawn on %(day)s; that is too long ago to count today"
        )
        return None, Check(STATUS, Outcome.UNKNOWN, sentence, {"day": snapshot.day})
    if snapshot and row:
        sentence = N_("not suspended, not withdrawn; as of %(day)s")
        return None, Check(STATUS, Outcome.YES, sentence, {"day": snapshot.day})
    sentence = N_("whether it was suspended or withdrawn, only the register can tell: %(address)s")
    return None, Check(STATUS, Outcome.UNKNOWN, sentence, {"address": genuine.address})


def _decided(
    snapshot: Snapshot | None, row: Row | None, proven: proofs.LogProof | None
) -> tuple[Answer, datetime] | None:
    """Give what was decided and when; an event of the log counts if it is newer than the snapshot."""
    last = proven.events[-1] if proven else None
    if last and last.event in EVENTS:
        at = datetime.fromisoformat(last.at)
        if snapshot is None or row is None or at > snapshot.taken_at:
            return EVENTS[last.event], at
    if row and row.word != VALID:
        return Answer(row.word), row.at
    return None


# --- the log -----------------------------------------------------------------------------------


def _in_log(
    raw: dict[str, Any], ring: Keyring, genuine: Genuine
) -> tuple[proofs.LogProof | None, Check]:
    if ring.log is None:
        sentence = N_("could not be checked: the file of public keys has no key of the log")
        return None, Check(PROOF, Outcome.UNKNOWN, sentence)
    trusted = TrustedKeys(
        (Verifier(ring.log.name, KeyKind.SIGNATURE, ring.log.public.public_bytes_raw()),)
    )
    try:
        found = proofs.check_proof(raw, trusted)
    except proofs.BadProof:
        sentence = N_("the proof shows nothing: it is damaged, or not of this log")
        return None, Check(PROOF, Outcome.UNKNOWN, sentence)
    facts_sha256 = genuine.facts.sha256 if genuine.facts else None
    same_facts = all(
        one.number == genuine.number and facts_sha256 in {None, one.facts_sha256}
        for one in found.events
    )
    files = {one.file_sha256 for one in found.events if one.file_sha256}
    same_file = genuine.file_sha256 is None or files <= {genuine.file_sha256}
    if not same_facts:
        return None, Check(PROOF, Outcome.UNKNOWN, N_("the proof is of another certificate"))
    if not same_file:
        return found, Check(PROOF, Outcome.NO, N_("the log has another file for this certificate"))
    return found, Check(PROOF, Outcome.YES, N_("as the log has it"))


def _signed_at(row: Row | None, proven: proofs.LogProof | None) -> datetime | None:
    """Give the moment of issue, as snapshot or log know it; the certificate was signed by then."""
    moments: Iterator[datetime] = (
        datetime.fromisoformat(one.at)
        for one in (proven.events if proven else ())
        if one.event == RegisterEvent.ISSUED.value
    )
    found = next(moments, None)
    if found is None and row and row.word == VALID:
        return row.at
    return found
