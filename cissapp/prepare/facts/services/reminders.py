"""The daily job for contacts: detects changes in packs, and reminds schools of unconfirmed contacts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema import Helpline
from cissapp.foundation.core.bulk.long_work import drawn_batches, each_kept
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.schools.models import School
from cissapp.prepare.facts import mails
from cissapp.prepare.facts.models import ChangedFact, KnownHelpline, MadePaper, NumberReminder
from cissapp.prepare.facts.queries.due import schools_to_remind
from cissapp.prepare.facts.queries.gathering import (
    ANYWHERE,
    GatheredFacts,
    gather_each,
    helpline_key,
    helpline_value,
)
from cissapp.prepare.facts.rules import NUMBER_MONTHS, is_printed

# Days between two reminders to a school; each covers everything that is due.
REMINDED_DAYS = 30

Told = set[tuple[str, date | None]]


def note_helplines(*, at: datetime) -> int:
    """Record the helplines that changed and notify schools there that have papers; return the count."""
    known = {(one.country_code, one.key): one for one in session.scalars(select(KnownHelpline))}
    now = _helplines_now()
    changed = []
    for (code, key), row in known.items():
        new = now.get((code, key))
        if new != row.value:
            changed.append(ChangedFact(country_code=code, key=key, old=row.value, new=new))
            session.delete(row)
    for one in changed:
        one.changed_at = at
    session.add_all(changed)
    session.flush()
    session.add_all(
        KnownHelpline(country_code=code, key=key, value=value)
        for (code, key), value in now.items()
        if (code, key) not in known or known[code, key].value != value
    )
    session.flush()
    for school_id in _schools_with_papers({one.country_code or "" for one in changed}):
        mails.notify_of_old_values(people_of_school(school_id), at=at)
    return len(changed)


def _helplines_now() -> dict[tuple[str, str], str]:
    packs: dict[str, Iterable[Helpline]] = {
        code: pack.helplines for code, pack in content().countries.items()
    }
    packs[ANYWHERE] = content().anywhere
    return {
        (code, helpline_key(code, line)): helpline_value(line)
        for code, lines in packs.items()
        for line in lines
    }


def _schools_with_papers(codes: set[str]) -> list[UUID]:
    query = select(MadePaper.school_id).distinct()
    if ANYWHERE not in codes:
        query = query.join(School, School.id == MadePaper.school_id).where(
            School.country_code.in_(codes)
        )
    return list(session.scalars(query)) if codes else []


def remind_of_numbers(*, at: datetime) -> int:
    """Mail each school's head the contacts and helplines that are out of date; return the number of mails.

    Each batch of schools is committed separately.
    """
    today = at.astimezone(UTC).date()

    def of_batch(ids: Sequence[UUID]) -> int:
        schools = list(session.scalars(select(School).where(School.id.in_(ids))))
        told, found = _told(ids), list(gather_each(schools))
        heads = _heads(found)
        reminded = sum(
            _remind(one, heads[one.people[0].id], told[one.school.id], today, at)
            for one in found
            if one.people
        )
        session.flush()
        return reminded

    return each_kept(drawn_batches(_candidates(today, at)), of_batch)


def _heads(found: Sequence[GatheredFacts]) -> dict[UUID, User]:
    """Return the first person of each school."""
    query = select(User).where(User.id.in_([one.people[0].id for one in found if one.people]))
    return {one.id: one for one in session.scalars(query)}


def _remind(gathered: GatheredFacts, head: User, told: Told, today: date, at: datetime) -> bool:
    due = [
        fact
        for fact in gathered.facts.values()
        if not is_printed(fact, today) and (fact.key, fact.confirmed_on) not in told
    ]
    if not due:
        return False
    own = [one for one in due if not one.is_helpline]
    helplines = [one for one in due if one.is_helpline]
    mails.remind_of_numbers(head, own, helplines, at=at)
    session.add_all(
        NumberReminder(
            school_id=gathered.school.id,
            key=one.key,
            confirmed_on=one.confirmed_on or today,
            reminded_at=at,
        )
        for one in due
    )
    return True


def _told(school_ids: Sequence[UUID]) -> defaultdict[UUID, Told]:
    """Return the facts each school was reminded of, with the confirmation date at the time."""
    found: defaultdict[UUID, Told] = defaultdict(set)
    query = select(NumberReminder.school_id, NumberReminder.key, NumberReminder.confirmed_on)
    for row in session.execute(query.where(NumberReminder.school_id.in_(school_ids))):
        found[row.school_id].add((row.key, row.confirmed_on))
    return found


def _candidates(today: date, at: datetime) -> list[UUID]:
    """List the schools that have outdated contacts or helplines to hear of and were not reminded recently."""
    last_day = months_after(today, -NUMBER_MONTHS)
    return schools_to_remind(
        last_day=last_day,
        reminded_since=at - timedelta(days=REMINDED_DAYS),
        helplines={
            code: old
            for code, pack in content().countries.items()
            if (old := list(_old(*_helplines_of(code, pack), last_day)))
        },
    )


def _helplines_of(code: str, pack: CountryPack) -> tuple[str, Sequence[Helpline]]:
    """Return the helplines that a country's papers print, and the code in their keys."""
    return (code, pack.helplines) if pack.helplines else (ANYWHERE, content().anywhere)


def _old(code: str, lines: Iterable[Helpline], last_day: date) -> Iterator[tuple[str, date]]:
    for line in lines:
        if line.checked_on is not None and line.checked_on < last_day:
            yield helpline_key(code, line), line.checked_on
