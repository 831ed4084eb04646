"""Which schools have something to confirm that they were not told of."""

from datetime import date, timedelta

from cissapp.foundation.core.db import session
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import deactivate
from cissapp.prepare.facts import services
from cissapp.prepare.facts.models import NumberReminder
from cissapp.prepare.facts.queries.due import schools_to_remind
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules.parts import Coverage, PersonFacts
from tests.factories import NOW

TODAY = NOW.date()
PERSON = PersonFacts("Psychologist", "room 7, 044 123 45 67", "9-15")
MOVED = PersonFacts("Psychologist", "room 7, 044 765 43 21", "9-15")
LATER = NOW + timedelta(days=40)
LINE = ("helpline.UA.line", date(2025, 1, 1))


def test_only_schools_with_an_old_contact_or_helpline_not_yet_told_are_found(context, make):
    schools, names = {}, {}

    def described(name: str, country: str = "MD"):
        school = schools[name] = make.school(country_code=country, region_code=f"{country}-30")
        names[school.id] = name
        head = make.manager(school, duty=Duty.HEAD)
        return school, head, mechanism.add_entry(school, PERSON, by=head, at=NOW)

    def told(school, key: str, on: date, at=NOW):
        session.add(NumberReminder(school_id=school.id, key=key, confirmed_on=on, reminded_at=at))

    described("untouched")
    school, head, _entry = described("confirmed since")
    services.confirm_facts(school, None, by=head, at=LATER)
    school, head, entry = described("changed since")
    mechanism.change_entry(entry, MOVED, by=head, at=LATER)
    school, _head, entry = described("told")
    told(school, f"person.{entry.id}.contact", TODAY)
    school, _head, entry = described("told of an earlier date")
    told(school, f"person.{entry.id}.contact", TODAY - timedelta(days=1))
    school, _head, _entry = described("told of something else lately")
    told(school, "cover.out_of_hours", TODAY, at=LATER)
    school, head, _entry = described("left by everyone")
    deactivate(head, by=make.user(), at=NOW)
    school, head, entry = described("with an office to call on holidays")
    told(school, f"person.{entry.id}.contact", TODAY)
    mechanism.save_mechanism(school, Coverage(["ro"], holiday_cover="112"), by=head, at=NOW)
    for name, lines in (("told of a helpline", [LINE]), ("with an old helpline", [])):
        school, _head, entry = described(name, "UA")
        told(school, f"person.{entry.id}.contact", TODAY)
        for key, checked_on in lines:
            told(school, key, checked_on)
    make.manager(make.school(country_code="UA", region_code="UA-30"), duty=Duty.HEAD)
    session.flush()

    found = schools_to_remind(
        last_day=TODAY, reminded_since=NOW + timedelta(days=1), helplines={"UA": [LINE]}
    )

    assert {names[one] for one in found} == {
        "untouched",
        "told of an earlier date",
        "with an office to call on holidays",
        "with an old helpline",
    }
    earlier = TODAY - timedelta(days=1)
    assert schools_to_remind(last_day=earlier, reminded_since=NOW, helplines={}) == []
