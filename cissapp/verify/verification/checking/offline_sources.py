"""The sources at hand without the register, and what snapshot and log show about a genuine file."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.transparency.rules import proofs
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import KeyKind, Verifier
from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking.snapshots import (
    VALID,
    BadSnapshot,
    RegisterSnapshot,
    SnapshotRow,
)
from cissapp.verify.verification.rules import (
    PROOF,
    SNAPSHOT,
    STATUS,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
)

EVENTS = {
    RegisterEvent.SUSPENDED.value: CheckAnswer.SUSPENDED,
    RegisterEvent.WITHDRAWN.value: CheckAnswer.WITHDRAWN,
    RegisterEvent.REPLACED.value: CheckAnswer.REPLACED,
}


class OfflineSources(Struct, frozen=True):
    """What is at hand beside the file: public keys, and perhaps a snapshot and a proof."""

    ring: Keyring
    snapshot: RegisterSnapshot | None = None
    proof: dict[str, Any] | None = None

    @property
    def keys(self) -> Keyring:
        """The public keys, with those marked that the snapshot lists as compromised."""
        return self.snapshot.marked(self.ring) if self.snapshot else self.ring


class GenuineFile(Struct, frozen=True):
    """A file with a valid signature, and its content; for a credential, facts and PDF hash are not known."""

    code: str
    number: str
    valid_from_on: date
    valid_until_on: date
    address: str
    key_id: str
    before: tuple[CertificateCheck, ...]
    facts: CertificateFacts | None = None
    file_sha256: str | None = None


def snapshot_check(
    snapshot: RegisterSnapshot, genuine: GenuineFile
) -> tuple[SnapshotRow | None, CertificateCheck]:
    """Check a file against the snapshot; return its row in the snapshot and the check."""
    values = {"day": snapshot.day}
    try:
        row = snapshot.of(genuine.code)
    except BadSnapshot:
        sentence = N_("its entry of %(day)s cannot be read")
        return None, CertificateCheck(SNAPSHOT, CheckOutcome.UNKNOWN, sentence, values)
    if row is None:
        newer = genuine.valid_from_on >= snapshot.day
        sentence = (
            N_("the snapshot of %(day)s is older than the certificate")
            if newer
            else N_("the snapshot of %(day)s does not include this certificate")
        )
        return None, CertificateCheck(SNAPSHOT, CheckOutcome.UNKNOWN, sentence, values)
    other = row.file_sha256 and genuine.file_sha256 and row.file_sha256 != genuine.file_sha256
    if other:
        sentence = N_("the register had a different file under this code on %(day)s")
        return row, CertificateCheck(SNAPSHOT, CheckOutcome.NO, sentence, values)
    return row, CertificateCheck(
        SNAPSHOT, CheckOutcome.YES, N_("as it was in the register on %(day)s"), values
    )


def status_check(
    snapshot: RegisterSnapshot | None,
    row: SnapshotRow | None,
    proven: proofs.LogProof | None,
    genuine: GenuineFile,
    today: date,
) -> tuple[CheckAnswer | None, CertificateCheck]:
    """Check what was decided, as far as snapshot and proof show it; the newer of the two counts."""
    said = _decided(snapshot, row, proven)
    if said:
        word, at = said
        sentence = N_("it was %(word)s on %(day)s; do not rely on it")
        values = {"word": word.value, "day": at.astimezone(UTC).date()}
        return word, CertificateCheck(STATUS, CheckOutcome.NO, sentence, values)
    if snapshot and row and snapshot.is_old(today):
        sentence = N_(
            "not suspended or withdrawn on %(day)s, but that is too long ago to count today"
        )
        return None, CertificateCheck(STATUS, CheckOutcome.UNKNOWN, sentence, {"day": snapshot.day})
    if snapshot and row:
        sentence = N_("not suspended or withdrawn, as of %(day)s")
        return None, CertificateCheck(STATUS, CheckOutcome.YES, sentence, {"day": snapshot.day})
    sentence = N_("only the register can show whether it was suspended or withdrawn: %(address)s")
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


def log_check(
    raw: dict[str, Any], ring: Keyring, genuine: GenuineFile
) -> tuple[proofs.LogProof | None, CertificateCheck]:
    """Check a file against the proof of the log; return what the proof shows and the check."""
    if ring.log is None:
        sentence = N_(
            "could not be checked: the file of public keys does not contain the log’s key"
        )
        return None, CertificateCheck(PROOF, CheckOutcome.UNKNOWN, sentence)
    trusted = TrustedKeys(
        (Verifier(ring.log.name, KeyKind.SIGNATURE, ring.log.public.public_bytes_raw()),)
    )
    try:
        found = proofs.check_proof(raw, trusted)
    except proofs.BadProof:
        sentence = N_("the proof shows nothing: it is damaged or is not from this log")
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
            PROOF, CheckOutcome.UNKNOWN, N_("the proof is for a different certificate")
        )
    if not same_file:
        return found, CertificateCheck(
            PROOF, CheckOutcome.NO, N_("the log has a different file for this certificate")
        )
    return found, CertificateCheck(PROOF, CheckOutcome.YES, N_("as recorded in the log"))


def issued_at(row: SnapshotRow | None, proven: proofs.LogProof | None) -> datetime | None:
    """Find the time of issue in snapshot or log; the certificate was signed by then."""
    moments: Iterator[datetime] = (
        datetime.fromisoformat(one.at)
        for one in (proven.events if proven else ())
        if one.event == RegisterEvent.ISSUED.value
    )
    found = next(moments, None)
    if found is None and row and row.word == VALID:
        return row.at
    return found
