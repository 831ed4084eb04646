"""From midnight on, every place says of a certificate what its dates say, though `ciss daily` has not run."""

import re
from datetime import UTC, datetime, time, timedelta
from html import unescape

import pytest

from cissapp.certify.upkeep.models import QuorumGap
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.services import is_outdated
from cissapp.review.followup.queries.schools import count_steps, followed_ids, followed_page
from cissapp.review.followup.rules import FollowupFilter, FollowupStep
from tests import factories as make
from tests.factories import NOW
from tests.plans import whole_tables

pytestmark = pytest.mark.usefixtures("stopped_clock")

STEPS = ("Not certified, or certificate ended", "Certificate expires soon")
WORDS = ("Expired", "Expiring")
FACTS = "Yearly confirmation by the head"
PLACES = {
    "/schools": ("coordinator", WORDS),
    "/schools.csv": ("coordinator", WORDS),
    "/schools/{id}": ("coordinator", WORDS),
    "/schools/{id}/merge/{twin}": ("coordinator", WORDS),
    "/schools/{id}/upkeep": ("coordinator", ("no certificate in force", FACTS)),
    "/group/schools": ("coordinator", STEPS),
    "/group/schools.csv": ("coordinator", STEPS),
    "/school": ("head", WORDS),
    "/school/certificate": ("head", ("Expired", "expiring soon")),
    "/verify/{code}": ("visitor", ("Expired", "expiring soon")),
}


def shown(answer):
    """What a page says, without the choices of its forms and what it says of each step."""
    assert answer.status_code == 200
    text = re.sub(
        r"(?s)^.*<main|</main>.*$|<select.*?</select>", " ", answer.get_data(as_text=True)
    )
    return re.sub(r"[\w ]+: after \d+ days", "", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture
def certificate(app):
    made = make.certified()
    with app.app_context(), unit_of_work():
        school = session.get(School, made.school_id)
        school.progress, school.valid_until_on = Progress.DECIDED, made.valid_until_on
        school.standing, school.level = Standing.VALID, made.level
    return made


@pytest.mark.parametrize(("place", "days"), [(one, days) for one in PLACES for days in (1, 0)])
def test_it_is_said_by_date(app, sign_in, certificate, place, days):
    """The first is said on the day after the last one, the second on the last day."""
    reader, said = PLACES[place]
    on = certificate.valid_until_on + timedelta(days=days)
    address = place.format(
        id=certificate.school_id,
        twin=make.school(group_id=certificate.school.group_id).id,
        code=certificate.code,
    )

    with clock.at(datetime.combine(on, time(0, 5), UTC)):
        people = {
            "coordinator": lambda: sign_in(
                make.user(Role.COORDINATOR, group_id=certificate.school.group_id)
            ),
            "head": lambda: sign_in(make.manager(certificate.school)),
            "visitor": app.test_client,
        }
        text = shown(people[reader]().get(address, follow_redirects=True))

    right, wrong = said if days else said[::-1]
    assert (right in text, wrong in text) == (True, False)
    with app.app_context():
        assert session.get(School, certificate.school_id).standing is Standing.VALID


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("place", ["/schools/{id}", "/schools/{id}/upkeep", "/school/certificate"])
@pytest.mark.parametrize("days", [1, 0])
def test_what_a_certificate_is_based_on_is_listed_to_its_last_day(
    app, sign_in, certificate, place, days
):
    school, on = certificate.school, certificate.valid_until_on + timedelta(days=days)
    at = datetime.combine(on, time(0, 5), UTC)
    with app.app_context(), unit_of_work():
        session.add(QuorumGap(school_id=school.id, lost_at=NOW, noted_at=NOW, asked_at=NOW))

    with clock.at(at):
        is_own = place.startswith("/school/")
        person = (
            make.manager(school)
            if is_own
            else make.user(Role.COORDINATOR, group_id=school.group_id)
        )
        text = shown(sign_in(person).get(place.format(id=school.id)))

    offered = [FACTS, *(["Suspend the certificate"] if place.endswith("/upkeep") else [])]
    assert [one in text for one in offered] == [not days] * len(offered)


@pytest.mark.parametrize(
    ("days", "step"),
    [(1, FollowupStep.ENDED), (0, FollowupStep.EXPIRING), (-200, FollowupStep.NOTHING)],
)
def test_a_step_is_filtered_counted_and_written_to_by_date(app, certificate, days, step):
    school, today = certificate.school, certificate.valid_until_on + timedelta(days=days)
    other = make.certified(make.school(group_id=school.group_id))
    with app.app_context(), unit_of_work():
        row = session.get(School, other.school_id)
        row.progress, row.valid_until_on = Progress.DECIDED, today + timedelta(days=999)
        row.standing, row.level = Standing.VALID, other.level
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    found = {}

    def ask():
        for one in FollowupStep:
            wanted = FollowupFilter(step=one)
            page = followed_page(coordinator, wanted, content(), today=today)
            found[one] = {row.id for row in page.rows}
            assert set(followed_ids(coordinator, wanted, today=today)) == found[one]
        for one in count_steps(coordinator, today):
            assert one.schools == len(found[one.step])

    with app.app_context():
        read = whole_tables(ask)

    assert school.id in found[step]
    assert sum(map(len, found.values())) == 2
    assert read == set()


@pytest.mark.one_database("sqlite")
def test_an_answer_is_outdated_once_the_time_to_renew_is_over(context):
    today = NOW.date()
    school = make.school(
        standing=Standing.VALID, level=1, valid_until_on=today - timedelta(days=1000)
    )
    current = make.school(
        standing=Standing.VALID, level=1, valid_until_on=today + timedelta(days=1000)
    )
    saved = SelfScore(saved_at=NOW - timedelta(days=1100))

    assert [is_outdated(saved, one, today) for one in (school, current)] == [True, False]
