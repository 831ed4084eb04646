"""The date of a moment: that of the wall calendar of its reader, on each side of midnight and of a change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import LocalStore
from cissapp.foundation.web import filters
from cissapp.people.notices.mails import MailText, mail_people
from cissapp.people.notices.models import Mail
from cissapp.prepare.documents.rules.dates import EvidenceDates
from cissapp.prepare.documents.services import dates
from cissapp.prepare.plan import services as plan
from cissapp.prepare.plan.rules.actions import ActionFacts
from tests.certify.certificates.pages import facts_of
from tests.prepare.acts import add

COUNTRIES = {"UA": "Europe/Kyiv", "MD": "Europe/Chisinau", "BY": "Europe/Minsk"}
# Half an hour after midnight on 5 December in all three countries; still the fourth in UTC.
NIGHT = datetime(2026, 12, 4, 22, 30, tzinfo=UTC)
# The nights on which the clocks change in 2026 and 2027, and an ordinary one.
NIGHTS = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
NIGHTS += [date(2026, 12, 5)]


@pytest.mark.one_database("sqlite")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    night=st.sampled_from(NIGHTS),
    seconds=st.integers(-30 * 3600, 30 * 3600),
    country=st.sampled_from(list(COUNTRIES)),
)
def test_a_day_and_a_time_on_one_page_have_the_same_date(app, night, seconds, country):
    moment = datetime.combine(night, datetime.min.time(), UTC) + timedelta(seconds=seconds)
    zone = COUNTRIES[country]
    on_the_wall = moment.astimezone(ZoneInfo(zone)).date()

    with app.test_request_context():
        assert filters.moment(moment, zone).startswith(f"{filters.day(moment, zone)}, ")
        assert filters.day(moment, zone) == filters.day(on_the_wall)
        assert day_in(country, moment) == clock.local_day(moment, zone) == on_the_wall


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), country=st.sampled_from(list(COUNTRIES)))
def test_a_day_begins_and_ends_at_midnight_there_even_when_the_clocks_change(day, country):
    zone = ZoneInfo(COUNTRIES[country])
    begins = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)

    assert clock.local_day(begins, zone) == day
    assert clock.local_day(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_a_date_that_was_chosen_is_the_same_everywhere(app):
    with app.test_request_context(), filters.read_in(lambda: "Europe/Minsk"):
        assert filters.day(date(2026, 12, 5)) == "5 December 2026"


def test_a_visitor_and_a_country_that_is_unknown_have_the_days_of_universal_time(app):
    with app.test_request_context():
        assert filters.day(NIGHT) == "4 December 2026"
        assert day_in(None, NIGHT) == day_in("XX", NIGHT) == date(2026, 12, 4)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.SCHOOL_MANAGER, "5 December 2026"), (Role.SECRETARIAT, "4 December 2026")],
)
def test_a_mail_has_the_days_of_the_person_who_gets_it(context, make, role, expected):
    person = make.manager() if role is Role.SCHOOL_MANAGER else make.user(role)

    def text_for(_person):
        return MailText("Days", filters.day(NIGHT))

    mail_people([person], "decision", text_for, at=NIGHT)

    assert session.scalar(select(Mail.body).where(Mail.subject == "Days")) == expected


def test_a_mail_to_a_person_of_a_group_has_the_days_of_its_country(context, make):
    person = make.user(Role.REVIEWER, group_id=make.group().id)

    mail_people([person], "decision", lambda _: MailText("Days", filters.day(NIGHT)), at=NIGHT)

    assert session.scalar(select(Mail.body).where(Mail.subject == "Days")) == "5 December 2026"


def test_a_zone_ends_with_its_mail(app):
    with app.test_request_context():
        with filters.read_in(lambda: "Europe/Kyiv"):
            assert filters.day(NIGHT) == "5 December 2026"
        assert filters.day(NIGHT) == "4 December 2026"


def test_a_page_read_after_midnight_has_the_date_of_its_times(sign_in, make):
    school = make.school(registered_at=NIGHT)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    address = f"/schools/{school.id}"

    facts = facts_of(sign_in(coordinator).get(address))
    of_secretariat = facts_of(sign_in(make.user()).get(address))

    assert facts["In the register since"] == "5 December 2026"
    assert of_secretariat["In the register since"] == "4 December 2026"


def test_what_is_done_after_midnight_is_done_on_the_day_at_the_school(context, make):
    head = make.manager()
    school = head.school
    facts = ActionFacts("Meet", "Head", date(2026, 12, 5))

    action = plan.plan_action(school, "A1", facts, by=head, at=NIGHT)
    plan.settle_action(action, is_done=True, by=head, at=NIGHT)

    assert action.done_on == date(2026, 12, 5)


def test_a_date_at_the_school_is_not_in_the_future_after_midnight(context, make, tmp_path):
    head = make.manager()
    document = add(head.school, head, LocalStore(tmp_path))
    [version] = document.versions

    dates.save_dates(version, EvidenceDates(evidence_on=date(2026, 12, 5)), by=head, at=NIGHT)
    with pytest.raises(Refused):
        dates.save_dates(version, EvidenceDates(evidence_on=date(2026, 12, 6)), by=head, at=NIGHT)

    assert version.evidence_on == date(2026, 12, 5)
