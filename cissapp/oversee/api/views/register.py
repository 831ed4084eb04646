"""The public register and certificates, for programs."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.replica import from_replica, read_at
from cissapp.foundation.signing import keys
from cissapp.oversee.api.queries import places
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.cursors import write_cursor
from cissapp.oversee.api.rules.shapes import register
from cissapp.oversee.api.views.asking import Call, answers
from cissapp.oversee.api.views.blueprint import ApiProblem
from cissapp.oversee.api.views.places import NO_PAGE, after
from cissapp.verify.directory import queries as directory
from cissapp.verify.directory.queries import ListDay, walk
from cissapp.verify.directory.queries.walk import RegisterKey, WalkedSchool
from cissapp.verify.directory.rules import Search, SearchedStatus
from cissapp.verify.verification.checking import online
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import NO_CERTIFICATE

LIST = "register"


def list_day() -> ListDay:
    """Return the date of this request, with the number of days that count as expiring."""
    return ListDay(clock.today(), content().standard.decision.validity.expiring_days)


@answers(o.REGISTER)
@from_replica
def list_certified_schools(call: Call) -> register.RegisterPage:
    """List the schools whose certificate is in force."""
    values: register.RegisterValues = call.values
    day = list_day()
    key = RegisterKey(_school_after(values.cursor), values.limit + 1, values.changed_since)
    found = walk.walk_register(_search(values), day, key)
    shown = found[: values.limit]
    more = write_cursor(LIST, str(shown[-1].school_id)) if len(found) > len(shown) else None
    return register.RegisterPage(
        as_of=read_at(), items=[_written(one, day) for one in shown], next_cursor=more
    )


def _school_after(cursor: str | None) -> UUID | None:
    text = after(LIST, cursor)
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise ApiProblem("not_found", NO_PAGE) from error


def _search(values: register.RegisterValues) -> Search:
    words = values.words or ""
    return Search(
        words=words,
        country_code=values.country or "",
        region_code=values.region or "",
        level=int(values.level) if values.level else None,
        status=SearchedStatus(values.status) if values.status else None,
        found_by=directory.found_by(words),
    )


def _written(walked: WalkedSchool, day: ListDay) -> register.CertifiedSchool:
    row, code = walked.school, in_groups(walked.school.code)
    return register.CertifiedSchool(
        name=row.name,
        locality=row.locality,
        country=row.country_code,
        region=row.region_code,
        level=row.level,
        status=row.status(day).value,
        valid_from=row.valid_from_on,
        valid_until=row.valid_until_on,
        number=row.number,
        code=code,
        verify=f"{current_config().base_url}/verify/{code}",
        changed_at=walked.changed_at,
    )


@answers(o.SCHOOL)
def read_school_status(
    _call: Call, country_code: str, register_number: str
) -> register.SchoolStatus:
    """Return a school's entry in the public register; raise `ApiProblem` if it has none."""
    pack = places.country(content().countries, country_code)
    day = list_day()
    plain = register_number.isprintable()
    found = walk.by_register_number(pack.code, register_number, day) if plain else None
    if found is None:
        raise ApiProblem(
            "not_found", "The public register has no certified school with this number."
        )
    return register.SchoolStatus(
        as_of=clock.now(),
        country=pack.code,
        register_number=register_number,
        school=_written(found, day),
    )


@answers(o.CERTIFICATE)
def read_certificate(_call: Call, code: str) -> register.CertificateAnswer:
    """Return whether a certificate is valid today."""
    at = clock.now()
    found = online.check_code(
        code, keys.load(current_config().keys_dir), at=at, expiring_days=list_day().expiring_days
    )
    if found.answer in NO_CERTIFICATE:
        raise Missing
    return register.CertificateAnswer(
        as_of=at,
        code=found.facts.code if found.facts else code,
        answer=found.answer.value,
        reliable=found.good,
        facts=_facts(found),
        checks=[
            register.CertificateCheck(
                what=_(check.what),
                outcome=check.outcome.value,
                sentence=_(check.sentence, **_on_days(check.values)),
            )
            for check in found.checks
        ],
        newer_code=found.newer_code,
    )


def _on_days(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a sentence with days for moments: `as_of` says the moment, and the rest stays the same."""
    return {
        name: value.date() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _facts(found: CheckResult) -> register.CertifiedFacts | None:
    facts = found.facts
    if facts is None:
        return None
    return register.CertifiedFacts(
        number=facts.number,
        school=facts.school_name,
        locality=facts.locality,
        country=facts.country_code,
        region=facts.region_code,
        level=facts.level,
        valid_from=facts.valid_from_on,
        valid_until=facts.valid_until_on,
    )
