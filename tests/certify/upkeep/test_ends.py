"""Reminders of the end, with the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from cissapp.certify.certificates import services as certificate_services
from cissapp.certify.upkeep import services
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.notices.models import Mail
from cissapp.people.notices.services import hold_mails
from cissapp.people.schools.rules import Progress
from tests.certify.upkeep.people import DAY, END, REASON, START, at, both, leave, mails
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("plain_files")


def test_the_end_is_told_to_two_people_once_in_their_languages(place):
    _certificate, head, designated, _coordinator = place
    designated.language = "ro"
    session.flush()

    counts = [
        services.remind_of_ends(content(), at=at(END - left * DAY))
        for left in (91, 90, 90, 89, 45, 29, 7, 6, 0, -1)
    ]

    assert counts == [0, 1, 0, 0, 1, 1, 1, 0, 0, 0]
    days = [(END - left * DAY).isoformat() for left in (90, 45, 29, 7)]
    people = sorted([head.email, designated.email])
    assert mails("certificate_end") == [(day, to) for day in days for to in people]


@pytest.mark.one_database("sqlite")
def test_the_coordinator_stands_in_for_who_is_missing(place):
    _certificate, head, designated, coordinator = place
    leave(designated, coordinator, END - 100 * DAY)

    services.remind_of_ends(content(), at=at(END - 30 * DAY))

    assert [to for _day, to in mails("certificate_end")] == sorted([head.email, coordinator.email])


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress.TRAINED, "You can submit your application again now."),
        (Progress.IN_REVIEW, "Your application is already submitted."),
    ],
)
def test_who_has_applied_again_is_not_asked_to(place, progress: Progress, said: str):
    certificate, *_people = place
    certificate.school.progress = progress
    session.flush()

    with hold_mails():
        services.remind_of_ends(content(), at=at(END - 30 * DAY))

    sent = session.scalars(select(Mail.body).where(Mail.kind == "certificate_end")).all()
    assert len(sent) == 2
    assert all(said in str(body) for body in sent)


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress.TRAINED, "Update your application and submit it again."),
        (Progress.IN_REVIEW, "Your application is already submitted."),
    ],
)
def test_on_the_day_of_expiry_the_school_is_told_once_what_to_do(
    place, progress: Progress, said: str
):
    certificate, head, designated, _coordinator = place
    certificate.school.progress = progress
    session.flush()

    with hold_mails():
        for days in (0, 1, 2):
            certificate_services.refresh_standings(at=at(END + days * DAY), expiring_days=90)

    day = (END + DAY).isoformat()
    assert mails("certificate") == [(day, to) for to in sorted([head.email, designated.email])]
    bodies = session.scalars(select(Mail.body).where(Mail.kind == "certificate")).all()
    assert all(
        said in str(one) and "Take the expired certificate off" in str(one) for one in bodies
    )


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("what", ["renewed", "suspended", "withdrawn"])
def test_nobody_is_reminded_of_an_end_that_does_not_matter(place, make, what: str):
    certificate, *_people = place
    day = at(END - 100 * DAY)
    if what == "renewed":
        make.certified(certificate.school, cycle=2, at=day)
    elif what == "suspended":
        certificate_services.suspend(certificate, reason=REASON, cure_days=60, by=SYSTEM, at=day)
    else:
        certificate_services.withdraw(certificate, reason=REASON, by=SYSTEM, at=day)

    assert services.remind_of_ends(content(), at=at(END - 30 * DAY)) == 0


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_schools(app, make):
    def asked() -> int:
        with app.app_context(), unit_of_work(), statements_sent() as found:
            services.update_quorums(content(), at=START + DAY)
            services.ask_to_confirm(content(), at=START + DAY)
            services.remind_of_ends(content(), at=START + DAY)
        return len(found)

    def certify() -> None:
        school = make.school()
        both(school)
        make.certified(school, at=START)

    certify()
    one = asked()
    for _time in range(2):
        certify()
    assert asked() == one


def test_two_runs_at_once_send_one_reminder(app, make):
    school = make.school()
    both(school)
    make.certified(school, at=START)
    together = Barrier(2)

    def run(_number: int) -> int:
        with app.app_context():
            together.wait()
            with unit_of_work():
                return services.remind_of_ends(content(), at=at(END - 30 * DAY))

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(run, range(2)))

    assert sorted(counts) == [0, 1]
    with app.app_context():
        assert len(mails("certificate_end")) == 2
