"""Issues a certificate in two steps: a reservation with the decision, then the signed file with its rows.

A crash anywhere leaves exactly one certificate, or a reservation that is finished later. The order is that
of certificate authorities that log before they sign; nothing that was written is ever changed.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document import signing
from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.document.issuer import Award, Issuer
from cissapp.certify.certificates.models import Certificate, Publication
from cissapp.certify.certificates.rules import RegisterEvent, new_code, require_may_follow
from cissapp.certify.certificates.services import register
from cissapp.certify.certificates.services.collecting import collect_facts, next_number
from cissapp.certify.certificates.services.standings import update_standings
from cissapp.certify.certificates.services.succession import (
    catch_up_with_decisions,
    replace_older,
)
from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.signing.settings import SelfCheckFailed, signing_key
from cissapp.prepare.applications.models import Application

# --- reserve -----------------------------------------------------------------------------------


def reserve(award: Award, issuer: Issuer, *, by: Actor, at: datetime) -> Certificate:
    """Reserve the certificate (number, facts, register row) in the transaction of the decision.

    It is drawn once, so that anything unprintable is refused before anything is decided. The school's
    standing does not change until the file is published.
    """
    row = _reserved_row(award, issuer, at=at)
    signing.draw_certificate(read_facts(row.facts), issuer)
    return _enter_reserved(row, by=by, at=row.issued_at)


def _reserved_row(award: Award, issuer: Issuer, *, at: datetime) -> Certificate:
    """Return the row of a reservation, with its number and facts; it is not entered yet."""
    db.lock("register")
    application = award.application
    attempt = _next_attempt(application.id)
    at = register.moment_after(at, queries.last_entry())
    key = signing_key(issuer.settings, application.school.country_code, at)
    facts = collect_facts(award, issuer, key=key, at=at)
    return _certificate_row(application, facts, attempt=attempt, decider_id=award.decider_id, at=at)


def _next_attempt(application_id: UUID) -> int:
    """Return the number of the next reservation; there is another only after the last was ended."""
    last = queries.of_application(application_id)
    if last is None:
        return 1
    if [entry.event for entry in last.entries][-1:] != [RegisterEvent.VOIDED]:
        raise Refused(Problem("issued", N_("The certificate has already been issued.")))
    return last.attempt + 1


def _certificate_row(
    application: Application,
    facts: CertificateFacts,
    *,
    attempt: int,
    decider_id: UUID | None,
    at: datetime,
) -> Certificate:
    return Certificate(
        id=new_id(),
        number=facts.number,
        code=facts.code,
        school_id=application.school_id,
        school=application.school,
        application_id=application.id,
        cycle=application.cycle,
        attempt=attempt,
        level=facts.level,
        valid_from_on=facts.valid_from_on,
        valid_until_on=facts.valid_until_on,
        facts=facts.text(),
        facts_sha256=facts.sha256,
        key_id=facts.key_id,
        issued_at=at,
        issued_by_id=decider_id,
        publication=None,
    )


def _enter_reserved(row: Certificate, *, by: Actor, at: datetime) -> Certificate:
    session.add(row)
    session.flush()
    register.enter(row, RegisterEvent.RESERVED, by=by, at=at)
    session.flush()
    return row


def void(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """End a reservation that cannot be finished; its number and code are never used again."""
    db.lock("register")
    session.refresh(certificate, ["entries"])
    require_may_follow([entry.event for entry in certificate.entries], RegisterEvent.VOIDED)
    register.enter(certificate, RegisterEvent.VOIDED, reason=reason, by=by, at=at)


def reserve_again(
    certificate: Certificate, issuer: Issuer, *, by: Actor, at: datetime
) -> Certificate:
    """Reserve the facts of an ended reservation again, with a new number, a new code and a current key."""
    db.lock("register")
    application = session.get_one(Application, certificate.application_id)
    attempt = _next_attempt(application.id)
    before = read_facts(certificate.facts)
    facts = replace(
        before,
        number=next_number(before.country_code, before.decided_on.year),
        code=new_code(),
        key_id=signing_key(issuer.settings, before.country_code, at).id,
        base_url=issuer.settings.base_url,
    )
    row = _certificate_row(
        application,
        facts,
        attempt=attempt,
        decider_id=certificate.issued_by_id,
        at=certificate.issued_at,
    )
    return _enter_reserved(row, by=by, at=at)


# --- publish -----------------------------------------------------------------------------------


class SignedFile(Struct, frozen=True):
    """A signed file that is stored but not yet attached: what it certifies, its key, hash and size."""

    facts: CertificateFacts
    file_key: str
    sha256: str
    size: int
    key_id: str


def make_file(
    facts: CertificateFacts, issuer: Issuer, *, at: datetime, one_of_many: bool = False
) -> SignedFile:
    """Draw, sign, examine and store the file, and read it back, without using the database.

    Raise `NoKeys` if the reservation's key can no longer sign, `NotReady` if something it names is gone.
    """
    key = signing.key_of_reservation(issuer.settings, facts, at)
    content = signing.sign_certificate(facts, issuer, key=key, at=at, one_of_many=one_of_many)
    store = issuer.store
    made = SignedFile(
        facts,
        f"certificates/{new_id().hex}.pdf",
        hashlib.sha256(content).hexdigest(),
        len(content),
        key.id,
    )
    store.put(made.file_key, content)
    # What the store gives is what people will get.
    if store.get(made.file_key) != content:
        raise SelfCheckFailed(made.file_key)
    return made


def publish(certificate: Certificate, made: SignedFile, *, by: Actor, at: datetime) -> bool:
    """Attach the file and enter the certificate as issued; return False, if it was published already."""
    return bool(publish_each({certificate.id: made}, by=by, at=at))


def publish_each(made: Mapping[UUID, SignedFile], *, by: Actor, at: datetime) -> list[Certificate]:
    """Attach files to certificates and record them as issued, skipping those already published."""
    db.lock("register")
    found = queries.with_newest_rows(made)
    waiting = [found[one] for one in made if _is_waiting(found[one])]
    if not waiting:
        return []
    # Of two certificates of one school, the first must be in the register before the next replaces it.
    done = list({one.school_id: one for one in reversed(waiting)}.values())[::-1]
    later = {one.id: made[one.id] for one in waiting if one not in done}
    for certificate in done:
        certificate.publication = _publication(certificate, made[certificate.id], at=at)
    session.flush()
    issued = queries.of_schools([one.school_id for one in done])
    for certificate in done:
        replace_older(certificate, issued[certificate.school_id], by=by, at=at)
    register.enter_each(done, RegisterEvent.ISSUED, by=by, at=at)
    for certificate in done:
        catch_up_with_decisions(certificate, issued[certificate.school_id], by=by, at=at)
    update_standings({one.school: issued[one.school_id] for one in done}, at=at)
    session.flush()
    return done + (publish_each(later, by=by, at=at) if later else [])


def _is_waiting(certificate: Certificate) -> bool:
    return queries.is_reserved(certificate) and certificate.publication is None


def _publication(certificate: Certificate, made: SignedFile, *, at: datetime) -> Publication:
    return Publication(
        school_id=certificate.school_id,
        cycle=certificate.cycle,
        file_key=made.file_key,
        file_sha256=made.sha256,
        file_size=made.size,
        key_id=made.key_id,
        published_at=at,
    )


def issue(award: Award, issuer: Issuer, *, by: Actor, at: datetime) -> Certificate:
    """Reserve and publish in one transaction, drawing once for both: for invented data and tests."""
    row = _reserved_row(award, issuer, at=at)
    _enter_reserved(row, by=by, at=row.issued_at)
    publish(row, make_file(read_facts(row.facts), issuer, at=at), by=by, at=at)
    return row
