"""What the retention rules would do, and when, as lines for an operator; nothing is changed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cissapp.foundation.content.schema import FactState
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.oversee.personal_data.queries import due, marks
from cissapp.oversee.personal_data.queries.duties import open_duties
from cissapp.oversee.personal_data.queries.requests import due_requests
from cissapp.oversee.personal_data.rules.retention import NOTICE, RetentionRule
from cissapp.people.schools.models import School

Ended = tuple[RetentionRule, datetime, Callable[[datetime], int], Callable[[datetime], int]]


def forecast(content: Content, ended: Sequence[Ended], *, at: datetime) -> Iterator[str]:
    """Yield a line for everything due: what, whose (by ID or code), and its date or that it is held back."""
    for rule in (RetentionRule.DOCUMENTS, RetentionRule.UNUSED):
        known = marks.open_marks(rule)
        for school_id, held in due.due_schools(rule, content, at=at).items():
            school = session.get_one(School, school_id)
            mark = known.get(school_id)
            when = (mark.due_at if mark else at + NOTICE).date()
            what = "held back" if held else f"files will be deleted on {when}"
            yield f"{rule.value}: school {school.country_code} {school.code}: {what}"
    known = marks.open_marks(RetentionRule.ACCOUNTS)
    for person in due.due_people(content, at=at):
        mark = known.get(person.id)
        held = due.holds_of(person, at=at) or bool(open_duties(person))
        when = (mark.due_at if mark else at + NOTICE).date()
        yield f"accounts: {person.id}: {'held back' if held else f'will be erased on {when}'}"
    for asked in due_requests(at):
        yield f"accounts: {asked.user_id}: requested, will be erased in the next run"
    for rule, before, count, _forget in ended:
        yield (
            f"{rule.value}: {count(before):,} that ended before {before.date()} will be deleted in"
            " the next run"
        )
    yield from _to_confirm(content)


def _to_confirm(content: Content) -> Iterator[str]:
    """List the countries whose retention periods or authority are still to be confirmed."""
    for code, country in content.countries.items():
        own = country.file.retention
        if own is None or own.state is FactState.CONFIRM:
            yield (
                f"{code}: to be confirmed: retention periods in national law; until then, those in"
                " modules/retention.yaml apply"
            )
        authority = country.file.authority
        if authority is None or authority.state is FactState.CONFIRM:
            yield (
                f"{code}: to be confirmed: data-protection authority; until then, it is not shown on"
                f" /privacy/{code}"
            )
