"""The certificate that goes on after another."""

from datetime import date

import pytest

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as certificate_services
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.services import succession
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.people.schools.rules import Standing
from tests.certify.upkeep.people import DAY, END, REASON, START, at, worth

pytestmark = pytest.mark.usefixtures("plain_files")


def test_a_renewal_begins_on_the_day_after_the_last_and_no_day_is_lost(place, make):
    old, *_people = place
    school = old.school
    decided = END - 60 * DAY

    new = make.certified(school, cycle=2, level=3, at=at(decided))

    assert (new.valid_from_on, new.valid_until_on) == (END + DAY, date(2026, 11, 26))
    assert (school.standing, school.level, school.valid_until_on) == (
        Standing.VALID,
        2,
        date(2026, 11, 26),
    )
    days = (decided, END, END + DAY, date(2026, 11, 26), date(2026, 11, 27))
    assert [(worth(old, day), worth(new, day)) for day in days] == [
        ("expiring", "upcoming"),
        ("expiring", "upcoming"),
        ("replaced", "valid"),
        ("replaced", "expiring"),
        ("replaced", "expired"),
    ]
    assert certificates.in_use(school.id, END) is old
    assert certificates.in_use(school.id, END + DAY) is new


def test_the_register_notes_the_change_when_the_new_one_begins_however_often_it_is_asked(
    place, make
):
    old, *_people = place
    new = make.certified(old.school, cycle=2, level=3, at=at(END - 60 * DAY))

    begun = [
        succession.begin_due_certificates(at=at(day)) for day in (END, END + 5 * DAY, END + 5 * DAY)
    ]

    assert begun == [0, 1, 0]
    assert [[entry.event.value for entry in one.entries] for one in (old, new)] == [
        ["reserved", "issued", "replaced"],
        ["reserved", "issued"],
    ]
    assert (old.school.level, old.school.standing) == (3, Standing.VALID)
    assert register_checks.first_fault() is None


def test_what_is_decided_between_goes_for_both_and_the_calendar_does_not_undo_it(place, make):
    old, *_people = place
    new = make.certified(old.school, cycle=2, at=at(END - 60 * DAY))
    change = {"reason": REASON, "by": SYSTEM}

    certificate_services.suspend(old, cure_days=60, at=at(END - 10 * DAY), **change)
    succession.begin_due_certificates(at=at(END + DAY))
    assert (worth(old, END + DAY), worth(new, END + DAY)) == ("suspended", "suspended")
    assert old.school.standing is Standing.SUSPENDED

    certificate_services.reinstate(old, at=at(END + 9 * DAY), **change)
    succession.begin_due_certificates(at=at(END + 9 * DAY))
    assert (worth(old, END + 9 * DAY), worth(new, END + 9 * DAY)) == ("replaced", "valid")
    assert old.school.standing is Standing.VALID


def test_a_renewal_that_is_withdrawn_before_it_begins_leaves_the_old_one_its_days(place, make):
    old, *_people = place
    new = make.certified(old.school, cycle=2, at=at(END - 60 * DAY))

    certificate_services.withdraw(new, reason=REASON, by=SYSTEM, at=at(END - 50 * DAY))

    assert [worth(old, day) for day in (END, END + DAY)] == ["expiring", "expired"]
    assert (old.school.standing, old.school.valid_until_on) == (Standing.EXPIRING, END)


@pytest.mark.parametrize(
    ("decided", "suspended", "begins"),
    [
        (date(2024, 5, 24), False, date(2024, 5, 24)),
        (date(2024, 5, 25), False, END + DAY),
        (END, False, END + DAY),
        (END + DAY, False, END + DAY),
        (END + 30 * DAY, False, END + 30 * DAY),
        (END - 30 * DAY, True, END - 30 * DAY),
    ],
)
def test_only_a_renewal_of_a_certificate_in_force_waits(place, make, decided, suspended, begins):
    old, *_people = place
    if suspended:
        certificate_services.suspend(
            old, reason=REASON, cure_days=60, by=SYSTEM, at=at(decided - 5 * DAY)
        )

    new = make.certified(old.school, cycle=2, at=at(decided))

    assert new.valid_from_on == begins


def test_changed_settings_do_not_change_what_was_issued(place, make):
    old, *_people = place
    country = content().countries["MD"].file
    before = (old.facts, old.valid_until_on, worth(old, END), worth(old, END + DAY))
    kept = country.validity_months
    object.__setattr__(country, "validity_months", 12)
    try:
        session.expire_all()
        after = (old.facts, old.valid_until_on, worth(old, END), worth(old, END + DAY))
        shorter = make.certified(at=START)
    finally:
        object.__setattr__(country, "validity_months", kept)

    assert before == after
    assert shorter.valid_until_on == date(2023, 11, 25)
