"""Makes a certificate's facts and its signed file; writes nothing into the database."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cissapp.certify.certificates import pdf, queries, succession
from cissapp.certify.certificates.facts import AcceptedDocument, DrillFact, Facts
from cissapp.certify.certificates.issuer import Award, Issuer
from cissapp.certify.certificates.pdf.words import words_in
from cissapp.certify.certificates.rules import new_code, number
from cissapp.foundation.content.figures import rounded
from cissapp.foundation.content.values import Standard, lasting
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import PublicKey
from cissapp.foundation.signing.settings import SelfCheckFailed, Settings
from cissapp.foundation.signing.stamps import Unstamped
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.documents.rules.same_text import normalised_text_sha256
from cissapp.prepare.drills.queries import newest_result
from cissapp.prepare.drills.rules.results import DrillResult

# By how much the clock of the time-stamp service and ours may differ.
CLOCKS = timedelta(minutes=10)


def reserved_key(settings: Settings, facts: Facts, at: datetime) -> PublicKey:
    """Give the key that a reservation names; raise `NoKeys`, if it signs no more."""
    key = keys.again(settings.keys).by_id(facts.key_id)
    if key is None or key.stopped or not key.from_at <= at < key.until_at:
        raise keys.NoKeys(f"The key {facts.key_id} signs no more.")
    return key


def facts_of(award: Award, issuer: Issuer, *, key: PublicKey, at: datetime) -> Facts:
    """Collect what is certified, with the next number and a new code."""
    school, today = award.application.school, at.astimezone(UTC).date()
    country = issuer.country(school.country_code)
    standard = issuer.standard(award.submission.rubric_version)
    begins = succession.begins_on(school.id, today, country, standard)
    return Facts(
        number=next_number(school.country_code, today.year),
        code=new_code(),
        school_name=school.name,
        school_code=school.code,
        locality=school.locality,
        country_code=school.country_code,
        region_code=school.region_code,
        language=school.language,
        level=award.level,
        module_levels=_in_order(award.module_levels, standard),
        criteria_version=award.submission.rubric_version,
        group_name=award.group_name,
        decided_on=today,
        valid_from_on=begins,
        valid_until_on=months_after(
            begins, lasting(country.file, standard.decision).validity_months
        ),
        documents=_documents(award.submission),
        dossier_sha256=award.submission.sha256,
        key_id=key.id,
        base_url=issuer.settings.base_url,
        demo=issuer.settings.demo,
        drill=_drill(newest_result(school.id)),
    )


def _drill(result: DrillResult | None) -> DrillFact | None:
    """Say of the newest drill what is certified: when, by which kind of way, how fast. No address."""
    if result is None:
        return None
    return DrillFact(
        on=result.finished_on,
        medium=result.medium.value,
        minutes=result.to_acknowledged,
        in_time=result.in_time,
    )


def _in_order(
    module_levels: Mapping[str, float], standard: Standard
) -> tuple[tuple[str, float], ...]:
    """Put the modules into the order of their numbers, which is that of the certificate's titles."""
    order = list(standard.certificate_texts["en"].module_titles)
    return tuple(
        (name, float(rounded(module_levels[name])))
        for name in sorted(module_levels, key=order.index)
    )


def next_number(country_code: str, year: int) -> str:
    """Give the next number of a country and year; the caller holds the register."""
    last = queries.last_number(f"{country_code}-{year}-")
    return number(country_code, year, int(last.rpartition("-")[2]) + 1 if last else 1)


def _documents(submission: Submission) -> tuple[AcceptedDocument, ...]:
    found = [
        AcceptedDocument(
            one.version.document.evidence_code,
            one.version.number,
            one.version.sha256,
            normalised_text_sha256(
                one.version.text, pages=one.version.pages, texts=one.version.page_texts
            ),
        )
        for one in submission.versions
    ]
    return tuple(sorted(found, key=lambda one: (one.evidence_code, one.version, one.sha256)))


def drawn(facts: Facts, issuer: Issuer) -> bytes:
    """Draw the file; refuse a name that cannot be printed."""
    country = issuer.country(facts.country_code)
    standard = issuer.standard(facts.criteria_version)
    words = words_in((facts.language,), standard, country, facts.base_url)
    try:
        return pdf.draw(facts, words)
    except pdf.Unprintable as error:
        message = N_("The name of the school, its place or the group cannot be printed: %(why)s.")
        raise Refused(Problem("printable", message, {"why": str(error)})) from error


def signed(facts: Facts, issuer: Issuer, *, key: PublicKey, at: datetime) -> bytes:
    """Draw and sign the file; then check it as a stranger would.

    With a time-stamp service two clocks speak, and a file on which they differ is not issued.
    """
    settings = issuer.settings
    ring = keys.again(settings.keys)
    content = seal.sign(
        drawn(facts, issuer),
        ring=ring,
        key=key,
        reason=f"CISS {facts.number}",
        place=issuer.country(facts.country_code).name("en"),
        tsa_url=settings.tsa_url,
    )
    found = seal.examine(content, ring)
    if not found.good or found.key != key or pdf.facts_in(content) != facts.text():
        raise SelfCheckFailed(facts.number)
    if settings.tsa_url and (not found.stamped_at or abs(found.stamped_at - at) > CLOCKS):
        raise Unstamped(f"The time stamp says {found.stamped_at}, the clock here {at}.")
    return content
