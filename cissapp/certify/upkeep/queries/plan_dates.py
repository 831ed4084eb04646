"""The dates of a certificate in the year plan of its school: yearly confirmation and renewal."""

from collections.abc import Iterator
from datetime import date

from cissapp.certify.upkeep.queries import CertificateHolder, confirmations, holders_of, windows_of
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_
from cissapp.people.schools.models import School
from cissapp.prepare.plan.rules import Office, PlanDate, PlanKind, SchoolYear

# A review takes two months of working days, and longer if the group asks a question.
MONTHS_FOR_RENEWAL = 4


def dates_of(school: School, *, year: SchoolYear, today: date) -> list[PlanDate]:
    """List the dates of the certificate that a school holds; none without one."""
    held = holders_of([school.id], today)
    return [one for holder in held for one in _of_holder(holder) if year.has(one.day)]


def _of_holder(holder: CertificateHolder) -> Iterator[PlanDate]:
    certificate = holder.certificate
    confirmed = {one.year: one.confirmed_at.date() for one in confirmations(certificate.id)}
    for window in windows_of(certificate, content()):
        yield PlanDate(
            PlanKind.CONFIRMATION,
            f"{certificate.id.hex}-{window.year}",
            N_("Give the yearly confirmation of the certificate"),
            window.closes_on,
            Office.HEAD,
            link=("upkeep.confirmation", {}),
            done_on=confirmed.get(window.year),
        )
    if not holder.renewed:
        yield PlanDate(
            PlanKind.RENEWAL,
            certificate.id.hex,
            N_("Submit the application for renewal: the certificate expires on %(day)s"),
            months_after(certificate.valid_until_on, -MONTHS_FOR_RENEWAL),
            Office.HEAD,
            values={"day": certificate.valid_until_on},
            link=("applications.application", {}),
        )
