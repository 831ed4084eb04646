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
from cissapp.verify.verification.checking.key_and_dates import date_check, key_checks
from cissapp.verify.verification.checking.snapshots import (
    VALID,
    BadSnapshot,
    RegisterSnapshot,
    SnapshotRow,
)
from cissapp.verify.verification.checking.verdicts import CertificateVerdict
from cissapp.verify.verification.rules import (
    CARRIERS,
    FILE,
    KEY,
    LARGEST,
    PROOF,
    SIGNATURE,
    SNAPSHOT,
    STATUS,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    conclude,
    kind_of_file,
)

EVENTS = {
    RegisterEvent.SUSPENDED.value: CheckAnswer.SUSPENDED,
    RegisterEvent.WITHDRAWN.value: CheckAnswer.WITHDRAWN,
    RegisterEvent.REPLACED.value: CheckAnswer.REPLACED,
}


@dataclass(frozen=True)
class OfflineSources:
    """What is at hand beside the file: public keys, and perhaps a snapshot and a proof."""

    ring: Keyring
    snapshot: RegisterSnapshot | None = None
    proof: dict[str, Any] | None = None

    @property
    def keys(self) -> Keyring:
        """The public keys, with the marks of the snapshot."""
        return self.snapshot.marked(self.ring) if self.snapshot else self.ring


@dataclass(frozen=True)
class GenuineFile:
    """A file whose signature holds, and what it says; of a credential neither the facts nor the PDF's hash are known."""

    code: str
    number: str
    valid_from_on: date
    valid_until_on: date
    address: str
    key_id: str
    before: tuple[CertificateCheck, ...]
    facts: CertificateFacts | None = None
    file_sha256: str | None = None


def check_offline(
    content: bytes, known: OfflineSources, *, at: datetime, expiring_days: int
) -> CertificateVerdict:
    """Check a file without the register: genuine or not, the dates, and what is at hand."""
    today = at.astimezone(UTC).date()
    if len(content) > LARGEST:
        sentence = N_("is larger than 10 MB. A certificate has less than 0.1 MB.")
        return CertificateVerdict(
            CheckAnswer.UNKNOWN, None, (CertificateCheck(FILE, CheckOutcome.UNKNOWN, sentence),)
        )
    of_credential = kind_of_file(content) in CARRIERS
    genuine = (
        _examine_credential(content, known, at) if of_credential else _examine_pdf(content, known)
    )
    if isinstance(genuine, CertificateVerdict):
        return replace(genuine, status_checked=False)
    return judge_genuine(genuine, known, today=today, expiring_days=expiring_days)


def _examine_pdf(content: bytes, known: OfflineSources) -> GenuineFile | CertificateVerdict:
    found = seal.examine(content, known.keys)
    if not found.good or found.key is None:
        return _verdict_on_not_genuine(found)
    try:
        facts = read_facts(pdf.facts_in(content) or "")
    except ValueError:
        if statements.claims_to_be_statement(content):
            return statements.verdict_on_opened(content, known.keys)
        sentence = N_("is signed, but carries no facts of a certificate.")
        return CertificateVerdict(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    if facts.key_id != found.key.id:
        sentence = N_("names another key than the one that signed it.")
        return CertificateVerdict(
            CheckAnswer.ALTERED, None, (CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence),)
        )
    values = {"name": found.key.organisation, "key": found.key.id}
    before = (
        CertificateCheck(FILE, CheckOutcome.YES, N_("is as it was signed, unchanged")),
        CertificateCheck(
            SIGNATURE, CheckOutcome.YES, N_("by %(name)s, key %(key)s, over the whole file"), values
        ),
    )
    return GenuineFile(
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


def _examine_credential(
    content: bytes, known: OfflineSources, at: datetime
) -> GenuineFile | CertificateVerdict:
    found = credentials.examine_credential(content, known.keys, at=at)
    if found is None and statements.claims_to_be_statement(content):
        return statements.verdict_on_opened(content, known.keys)
    if found is None:
        sentence = N_("is damaged, or is no credential.")
        return CertificateVerdict(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    refused = credentials.refusal(found)
    code = credentials.code_of(found.document)
    if refused or code is None:
        sentence = N_("names no certificate.")
        unnamed = CertificateVerdict(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
        return refused or unnamed
    since, until = credentials.days_of(found.document)
    return GenuineFile(
        code,
        str(found.document["credentialSubject"]["licenseNumber"]),
        since,
        until,
        str(found.document["id"]),
        str(found.key_id),
        credentials.signed_checks(found, known.keys),
    )


def judge_genuine(
    genuine: GenuineFile, known: OfflineSources, *, today: date, expiring_days: int
) -> CertificateVerdict:
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
    checks = (*held, status, date_check(calendar if begun else Status.UPCOMING, genuine, today))
    refused = next((one for one in held if one.outcome is CheckOutcome.NO), None)
    if refused:
        ours = refused.what != KEY
        answer = CheckAnswer.ALTERED if ours else CheckAnswer.NOT_OURS
        return CertificateVerdict(answer, genuine.facts if ours else None, checks)
    answer = decided or (CheckAnswer(calendar.value) if begun else CheckAnswer.UPCOMING)
    asked = [*held, status] if known.snapshot else held
    return CertificateVerdict(
        conclude(answer, asked),
        genuine.facts,
        checks,
        status_checked=status.outcome is not CheckOutcome.UNKNOWN,
    )


def _verdict_on_not_genuine(found: seal.Seal) -> CertificateVerdict:
    if not found.readable:
        sentence = N_("is damaged, or is no PDF.")
        return CertificateVerdict(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    if found.signatures != 1:
        sentence = N_("has %(count)s signatures; a certificate has exactly one.")
        checks = (
            CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence, {"count": found.signatures}),
        )
        return CertificateVerdict(
            CheckAnswer.ALTERED if found.signatures else CheckAnswer.NOT_OURS, None, checks
        )
    if found.key is None and found.intact:
        sentence = N_("is by a key that is not one of ours.")
        return CertificateVerdict(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence),)
        )
    sentence = N_("was changed after it was signed.")
    return CertificateVerdict(
        CheckAnswer.ALTERED, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
    )


# --- the snapshot ------------------------------------------------------------------------------


def _in_snapshot(
    snapshot: RegisterSnapshot, genuine: GenuineFile
) -> tuple[SnapshotRow | None, CertificateCheck]:
    values = {"day": snapshot.day}
    try:
        row = snapshot.of(genuine.code)
    except BadSnapshot:
        sentence = N_("its row of %(day)s cannot be read")
        return None, CertificateCheck(SNAPSHOT, CheckOutcome.UNKNOWN, sentence, values)
    if row is None:
        newer = genuine.valid_from_on >= snapshot.day
        sentence = (
            N_("the snapshot of %(day)s is older than the certificate")
            if newer
            else N_("the snapshot of %(day)s does not know this certificate")
        )
        return None, CertificateCheck(SNAPSHOT, CheckOutcome.UNKNOWN, sentence, values)
    other = row.file_sha256 and genuine.file_sha256 and row.file_sha256 != genuine.file_sha256
    if other:
        sentence = N_("the register had another file under this code on %(day)s")
        return row, CertificateCheck(SNAPSHOT, CheckOutcome.NO, sentence, values)
    return row, CertificateCheck(
        SNAPSHOT, CheckOutcome.YES, N_("as it stood in the register on %(day)s"), values
    )


def _status(
    snapshot: RegisterSnapshot | None,
    row: SnapshotRow | None,
    proven: proofs.LogProof | None,
    genuine: GenuineFile,
    today: date,
) -> tuple[CheckAnswer | None, CertificateCheck]:
    """Check what was decided, as far as snapshot and proof know; the newest of the two counts."""
    said = _decided(snapshot, row, proven)
    if said:
        word, at = said
        sentence = N_("it was %(word)s on %(day)s; it may not be relied on")
        values = {"word": word.value, "day": at.astimezone(UTC).date()}
        return word, CertificateCheck(STATUS, CheckOutcome.NO, sentence, values)
    if snapshot and row and snapshot.is_old(today):
        sentence = N_(
            "not suspended, not withdrawn on %(day)s; that is too long ago to count today"
        )
        return None, CertificateCheck(STATUS, CheckOutcome.UNKNOWN, sentence, {"day": snapshot.day})
    if snapshot and row:
        sentence = N_("not suspended, not withdrawn; as of %(day)s")
        return None, CertificateCheck(STATUS, CheckOutcome.YES, sentence, {"day": snapshot.day})
    sentence = N_("whether it was suspended or withdrawn, only the register can tell: %(address)s")
    return None, CertificateCheck(
        STATUS, CheckOutcome.UNKNOWN, sentence, {"address": genuine.address}
    )


def _decided(
    snapshot: RegisterSnapshot | None, row: SnapshotRow | None, proven: proofs.LogProof | None
) -> tuple[CheckAnswer, datetime] | None:
    """Find what was decided and when; an event of the log counts if it is newer than the snapshot."""
    last = proven.events[-1] if proven else None
    if last and last.event in EVENTS:
        at = datetime.fromisoformat(last.at)
        if snapshot is None or row is None or at > snapshot.taken_at:
            return EVENTS[last.event], at
    if row and row.word != VALID:
        return CheckAnswer(row.word), row.at
    return None


# --- the log -----------------------------------------------------------------------------------


def _in_log(
    raw: dict[str, Any], ring: Keyring, genuine: GenuineFile
) -> tuple[proofs.LogProof | None, CertificateCheck]:
    if ring.log is None:
        sentence = N_("could not be checked: the file of public keys has no key of the log")
        return None, CertificateCheck(PROOF, CheckOutcome.UNKNOWN, sentence)
    trusted = TrustedKeys(
        (Verifier(ring.log.name, KeyKind.SIGNATURE, ring.log.public.public_bytes_raw()),)
    )
    try:
        found = proofs.check_proof(raw, trusted)
    except proofs.BadProof:
        sentence = N_("the proof shows nothing: it is damaged, or not of this log")
        return None, CertificateCheck(PROOF, CheckOutcome.UNKNOWN, sentence)
    facts_sha256 = genuine.facts.sha256 if genuine.facts else None
    same_facts = all(
        one.number == genuine.number and facts_sha256 in {None, one.facts_sha256}
        for one in found.events
    )
    files = {one.file_sha256 for one in found.events if one.file_sha256}
    same_file = genuine.file_sha256 is None or files <= {genuine.file_sha256}
    if not same_facts:
        return None, CertificateCheck(
            PROOF, CheckOutcome.UNKNOWN, N_("the proof is of another certificate")
        )
    if not same_file:
        return found, CertificateCheck(
            PROOF, CheckOutcome.NO, N_("the log has another file for this certificate")
        )
    return found, CertificateCheck(PROOF, CheckOutcome.YES, N_("as the log has it"))


def _signed_at(row: SnapshotRow | None, proven: proofs.LogProof | None) -> datetime | None:
    """Find the moment of issue, as snapshot or log know it; the certificate was signed by then."""
    moments: Iterator[datetime] = (
        datetime.fromisoformat(one.at)
        for one in (proven.events if proven else ())
        if one.event == RegisterEvent.ISSUED.value
    )
    found = next(moments, None)
    if found is None and row and row.word == VALID:
        return row.at
    return found
