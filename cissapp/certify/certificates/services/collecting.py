"""Collects the facts that a certificate certifies, from the award and what the school has shown."""

from collections.abc import Mapping
from datetime import UTC, datetime

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document.facts import (
    AcceptedDocument,
    CertificateFacts,
    DrillFact,
    Signatory,
)
from cissapp.certify.certificates.document.issuer import Award, Issuer, NotReady
from cissapp.certify.certificates.rules import format_number, new_code
from cissapp.foundation.content.figures import rounded
from cissapp.foundation.content.packs import certificate_terms
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.signing.keys import PublicKey
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import letterhead
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.documents.rules.same_text import normalised_text_sha256
from cissapp.prepare.drills.queries import newest_result
from cissapp.prepare.drills.rules.results import DrillResult


def collect_facts(
    award: Award, issuer: Issuer, *, key: PublicKey, at: datetime
) -> CertificateFacts:
    """Collect what is certified, with the next number and a new code."""
    school, today = award.application.school, at.astimezone(UTC).date()
    country = issuer.country(school.country_code)
    standard = issuer.standard(award.submission.rubric_version)
    signatory, logo_sha256 = _letterhead(school, issuer)
    begins = queries.begins_on(school.id, today, country, standard)
    return CertificateFacts(
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
            begins, certificate_terms(country.file, standard.decision).validity_months
        ),
        documents=_documents(award.submission),
        dossier_sha256=award.submission.sha256,
        key_id=key.id,
        base_url=issuer.settings.base_url,
        demo=issuer.settings.demo,
        drill=_drill(newest_result(school.id)),
        signatory=signatory,
        logo_sha256=logo_sha256,
    )


def _letterhead(school: School, issuer: Issuer) -> tuple[Signatory | None, str | None]:
    """Return who signs for the group today, and the hash of its logo; refuse a logo that nobody can read."""
    found = letterhead(school.group_id)
    if found is None:
        return None, None
    signatory = (
        Signatory(found.signatory_name, found.signatory_office) if found.signatory_name else None
    )
    try:
        issuer.logo(found.logo_sha256)
    except NotReady as error:
        message = N_(
            "The group’s logo cannot be read. The coordinator must choose it again under “Letterhead of the group”."
        )
        raise Refused(Problem("logo", message)) from error
    return signatory, found.logo_sha256


def _drill(result: DrillResult | None) -> DrillFact | None:
    """Return the certified facts of the newest drill: date, kind of channel and speed, but no address."""
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
    """Sort the modules by number, the order of the titles on the certificate."""
    order = list(standard.certificate_texts["en"].module_titles)
    return tuple(
        (name, float(rounded(module_levels[name])))
        for name in sorted(module_levels, key=order.index)
    )


def next_number(country_code: str, year: int) -> str:
    """Draw the next number of a country and year; the caller holds the lock of the register."""
    last = queries.last_number(f"{country_code}-{year}-")
    return format_number(country_code, year, int(last.rpartition("-")[2]) + 1 if last else 1)


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
