"""Drills in the database: started, delivered, answered, ended; never to an undeclared address."""

import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace
from uuid import uuid4

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.mail import SmtpMailer
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.queries.calendars import calendar_at, hours_of
from cissapp.people.deadlines.rules import WorkingHours, working_minutes
from cissapp.people.notices.models import Mail
from cissapp.prepare.drills import queries, services
from cissapp.prepare.drills.models import Drill, DrillOutcome, DrillStep
from cissapp.prepare.drills.rules import DrillState, MessageTemplate, NextStepChoice, ResponseStep
from cissapp.prepare.drills.rules.inputs import DrillOrder, StepReport
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingPerson
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium
from cissapp.prepare.plan.rules import SchoolYear
from tests import factories
from tests.refusals import codes

# Monday, 10:00 in Chișinău.
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "tell@school.example"


def channel(school, **values):
    values = {
        "kind": ChannelKind.DIGITAL,
        "description": "Write instead of talking",
        "contact": ADDRESS,
        "hours": "every day",
        "added_at": MONDAY,
        **values,
    }
    return factories.kept(ReportingChannel(school_id=school.id, **values))


def person(school, **values):
    values = {
        "office": "Psychologist",
        "contact": "room 7",
        "hours": "9-15",
        "trained": True,
        **values,
    }
    return factories.kept(ReportingPerson(school_id=school.id, added_at=MONDAY, **values))


@pytest.fixture
def scene(context):
    """A school with a mail address, a box and two people; a member of its group."""
    school = factories.school()
    return SimpleNamespace(
        school=school,
        head=factories.manager(school, name="Ana Testescu", email="ana.testescu@school.example"),
        member=factories.user(Role.COORDINATOR, group_id=school.group_id, name="Doina Probă"),
        mail=channel(school),
        box=channel(
            school, kind=ChannelKind.WRITTEN, description="Box", contact="beside the library",
            opens="09:00", closes="15:00",
        ),
        outside=channel(school, kind=ChannelKind.OUTSIDE, description="Helpline", contact="116 111"),
        trained=person(school),
        untrained=person(school, office="Secretary", trained=False),
    )  # fmt: skip


def started(scene, way=None, *, announced=False, at=MONDAY, template=MessageTemplate.PUPIL_TALK):
    order = DrillOrder((way or scene.mail).id, template, announced=announced)
    return services.start(scene.school, order, by=scene.member, at=at)


def said(scene, step, at, *, to=None, choice=NextStepChoice.OFFER_TALK):
    asks = step in {ResponseStep.RECEIVED, ResponseStep.PASSED}
    return StepReport(
        step,
        at,
        (to or scene.trained).id if asks else None,
        choice if step is ResponseStep.NEXT_STEP else None,
    )


def record(scene, drill, step, at, **values):
    services.record_step(drill, said(scene, step, at, **values), by=scene.head, at=at)


def answered(scene, drill, at=MONDAY, **values):
    for number, step in enumerate(ResponseStep):
        record(scene, drill, step, at + number * HOUR / 2, **values)


def mails(kind):
    return session.scalars(sa.select(Mail).where(Mail.kind == kind)).all()


# --- start and deliver -------------------------------------------------------------------------


def test_a_mail_drill_copies_the_declared_address_and_leaves_at_once(scene):
    drill = started(scene)

    assert (drill.state, drill.address, drill.medium, drill.delivered_at, drill.language) == (
        DrillState.RUNNING, ADDRESS, ChannelMedium.MAIL, MONDAY, "ro",
    )  # fmt: skip
    assert [(one.to, one.subject) for one in mails("drill")] == [(ADDRESS, drill.code)]
    assert mails("drill_announced") == []


@pytest.mark.one_database("sqlite")
def test_another_way_waits_for_the_member_who_delivers_it(scene):
    drill = started(scene, scene.box, announced=True)
    assert (drill.state, drill.delivered_at, mails("drill")) == (DrillState.PREPARED, None, [])
    assert [one.to for one in mails("drill_announced")] == [scene.head.email]

    with pytest.raises(Refused) as refused:
        services.deliver(drill, moment=MONDAY + 3 * HOUR, by=scene.member, at=MONDAY + 2 * HOUR)
    assert codes(refused) == ["moment"]
    services.deliver(drill, moment=MONDAY + HOUR, by=scene.member, at=MONDAY + 2 * HOUR)

    assert (drill.state, drill.delivered_at, drill.delivered_by_id) == (
        DrillState.RUNNING, MONDAY + HOUR, scene.member.id,
    )  # fmt: skip
    assert (drill.opens, drill.closes) == ("09:00", "15:00")


def test_a_drill_has_ten_working_days_from_the_delivery_on(scene):
    drill = started(scene, scene.box)
    services.deliver(drill, moment=MONDAY + DAY, by=scene.member, at=MONDAY + DAY)

    rows = session.scalars(sa.select(Deadline).order_by(Deadline.opened_at)).all()
    assert [(one.subject_id, one.due_on.isoformat(), one.met_at is None) for one in rows] == [
        (drill.id, "2026-12-07", False),
        (drill.id, "2026-12-08", True),
    ]


@pytest.mark.one_database("sqlite")
def test_what_was_not_delivered_can_be_called_off_and_does_not_count(scene):
    drill = started(scene, scene.box)
    services.call_off(drill, by=scene.member, at=MONDAY + HOUR)

    assert (drill.state, queries.count_in_last_year(scene.school.id, MONDAY + DAY)) == (
        DrillState.CALLED_OFF, 0,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        services.deliver(drill, moment=MONDAY + HOUR, by=scene.member, at=MONDAY + HOUR)
    assert codes(refused) == ["state"]


@pytest.mark.one_database("sqlite")
def test_one_drill_at_a_time_and_four_in_a_year(scene):
    for number in range(4):
        at = MONDAY + number * 7 * DAY
        drill = started(scene, at=at)
        with pytest.raises(Refused) as refused:
            started(scene, scene.box, at=at)
        assert codes(refused) == (["open"] if number < 3 else ["open", "yearly"])
        answered(scene, drill, at)

    with pytest.raises(Refused) as refused:
        started(scene, at=MONDAY + 300 * DAY)
    assert codes(refused) == ["yearly"]
    assert started(scene, at=MONDAY + 366 * DAY).state is DrillState.RUNNING


# --- never to an undeclared address ------------------------------------------------------------


def test_a_way_of_another_school_or_of_nobody_or_outside_is_refused(scene):
    foreign = channel(factories.school(), contact="other@school.example")
    for way in (foreign, SimpleNamespace(id=uuid4()), scene.outside):
        with pytest.raises(Refused) as refused:
            started(scene, way)
        assert codes(refused) == ["channel"]
    assert (mails("drill"), session.scalars(sa.select(Drill)).all()) == ([], [])


def test_a_contact_that_is_more_than_an_address_is_not_mailed(scene):
    scene.mail.contact, scene.mail.medium = f"{ADDRESS}, other@evil.example", ChannelMedium.MAIL
    session.flush()

    drill = started(scene)

    assert (drill.medium, drill.state, mails("drill")) == (
        ChannelMedium.FORM,
        DrillState.PREPARED,
        [],
    )


def test_the_address_is_the_one_that_the_database_has_now(scene):
    session.execute(
        sa.update(ReportingChannel)
        .where(ReportingChannel.id == scene.mail.id)
        .values(contact="new@school.example")
        .execution_options(synchronize_session=False)
    )

    assert started(scene).address == "new@school.example"


STOLEN = {
    "another address": {"address": "victim@elsewhere.example"},
    "another way": {"channel_id": uuid4()},
    "another school": {"school_id": None},
    "a helpline": {"channel_kind": ChannelKind.OUTSIDE},
}


@pytest.mark.parametrize("changed", STOLEN.values(), ids=list(STOLEN))
def test_the_database_takes_no_undeclared_address(scene, changed):
    drill = started(scene)
    answered(scene, drill)
    row = {one.name: getattr(drill, one.name) for one in Drill.__table__.columns}
    row |= {"id": uuid4(), "code": "DRILL-0000"} | changed
    if row["school_id"] is None:
        row["school_id"] = factories.school().id

    with (
        pytest.raises(sa.exc.DBAPIError, match=r"declared way|never_outside"),
        session.begin_nested(),
    ):
        session.execute(sa.insert(Drill).values(row))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE drill SET address = 'victim@elsewhere.example'",
        "UPDATE drill SET code = 'DRILL-0000'",
        "UPDATE drill SET template = 'parent_asks'",
        "UPDATE drill_step SET is_right = NOT is_right",
        "DELETE FROM drill_step",
        "UPDATE drill_result SET in_time = NOT in_time",
        "DELETE FROM drill_result",
    ],
)
def test_the_database_keeps_what_was_started_recorded_and_measured(scene, statement):
    answered(scene, started(scene))

    with (
        pytest.raises(sa.exc.DBAPIError, match=r"append-only|fixed when it starts"),
        session.begin_nested(),
    ):
        session.execute(sa.text(statement))


@pytest.mark.one_database("sqlite")
def test_the_message_arrives_through_a_real_server_at_the_declared_address(app):
    letters = []

    class Box(Message):
        def handle_message(self, message):
            read = message_from_bytes(bytes(message), policy=policy.default)
            letters.append((read["To"], read["Subject"], read.get_content().strip()))

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    usual = app.extensions["ciss-mailer"]
    app.extensions["ciss-mailer"] = SmtpMailer(
        "127.0.0.1", port, None, None, tls=False, starttls=False, sender="no-reply@ciss.example"
    )
    server.start()
    try:
        with app.app_context(), unit_of_work():
            school = factories.school()
            member = factories.user(Role.REVIEWER, group_id=school.group_id)
            way = channel(school)
            order = DrillOrder(way.id, MessageTemplate.PUPIL_TALK, announced=False)
            code = services.start(school, order, by=member, at=MONDAY).code
    finally:
        server.stop()
        app.extensions["ciss-mailer"] = usual

    assert letters == [
        (
            ADDRESS,
            code,
            f"{code}: un elev dorește să vorbească cu cineva despre ceva de pe internet.",
        )
    ]


# --- the school answers ------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_the_code_opens_the_running_drill_of_the_own_school_only(scene):
    drill = started(scene)
    other = factories.school()
    session.commit()

    for school, typed in ((other, drill.code), (scene.school, "DRILL-0000"), (scene.school, "")):
        with pytest.raises(Refused) as refused:
            services.open_by_code(school, typed, by=scene.head, at=MONDAY)
        assert codes(refused) == ["code"]
    found = services.open_by_code(scene.school, drill.code.lower(), by=scene.head, at=MONDAY + HOUR)
    session.commit()  # as the view does: a code is counted outside the transaction
    services.open_by_code(scene.school, drill.code, by=scene.head, at=MONDAY + 2 * HOUR)

    assert (found.id, found.found_at) == (drill.id, MONDAY + HOUR)


@pytest.mark.one_database("sqlite")
def test_an_unannounced_drill_is_not_known_before_its_code(scene):
    drill = started(scene)
    assert queries.known_drill(drill.id) is None
    session.commit()

    services.open_by_code(scene.school, drill.code, by=scene.head, at=MONDAY)

    assert queries.known_drill(drill.id) is drill


def test_each_step_is_taken_in_its_order_and_once(scene):
    drill = started(scene)
    with pytest.raises(Refused) as refused:
        record(scene, drill, ResponseStep.PASSED, MONDAY)
    assert codes(refused) == ["state"]
    record(scene, drill, ResponseStep.RECEIVED, MONDAY)
    with pytest.raises(Refused) as refused:
        record(scene, drill, ResponseStep.RECEIVED, MONDAY + HOUR)
    assert codes(refused) == ["state"]


def test_a_step_is_not_before_the_last_one_nor_by_somebody_undeclared(scene):
    drill = started(scene)
    strange = person(factories.school())
    for wish in (
        said(scene, ResponseStep.RECEIVED, MONDAY - HOUR),
        said(scene, ResponseStep.RECEIVED, MONDAY + DAY),
        said(scene, ResponseStep.RECEIVED, MONDAY, to=strange),
        StepReport(ResponseStep.RECEIVED, MONDAY),
    ):
        with pytest.raises(Refused):
            services.record_step(drill, wish, by=scene.head, at=MONDAY + HOUR)
    assert session.scalars(sa.select(DrillStep)).all() == []


def test_a_drill_in_time_ends_with_its_result_and_is_disclosed(scene):
    drill = started(scene)
    answered(scene, drill)

    found = queries.newest_result(scene.school.id)
    assert drill.state is DrillState.FINISHED
    assert found == queries.result_of(drill.result)
    assert (found.answered, found.in_time, found.right_person, found.right_step) == (True,) * 4
    assert [found.minutes(step) for step in ResponseStep] == [0, 30, 60, 90, 120]
    [mail] = mails("drill_result")
    assert mail.to == scene.head.email
    assert "What went well:\n- " in mail.body
    assert "What to improve" not in mail.body
    assert session.scalars(sa.select(Deadline.met_at)).all() == [MONDAY + 2 * HOUR]


@pytest.mark.one_database("sqlite")
def test_the_wrong_person_and_the_wrong_step_are_found_out(scene):
    answered(scene, started(scene), to=scene.untrained, choice=NextStepChoice.ASK_DETAILS)

    found = queries.newest_result(scene.school.id)
    assert (found.right_person, found.right_step, found.in_time) == (False, False, True)
    assert "What to improve:\n- " in mails("drill_result")[0].body


@pytest.mark.parametrize("way", ["mail", "box"])
def test_the_minutes_of_each_step_are_those_of_the_one_clock(scene, way):
    drill = started(scene, getattr(scene, way))
    if way == "box":
        services.deliver(drill, moment=MONDAY, by=scene.member, at=MONDAY)
    moments = [MONDAY + timedelta(hours=hours) for hours in (1, 7, 30, 96, 120)]
    for step, at in zip(ResponseStep, moments, strict=True):
        record(scene, drill, step, at)

    country = content().countries["MD"]
    own = WorkingHours(datetime.min.time().replace(hour=9), datetime.min.time().replace(hour=15))
    hours = own if way == "box" else hours_of(country)
    found = queries.newest_result(scene.school.id)
    assert [found.minutes(step) for step in ResponseStep] == [
        working_minutes(MONDAY, at, hours, calendar_at("MD")) for at in moments
    ]


def test_after_ten_working_days_there_is_no_answer(scene):
    drill = started(scene)
    record(scene, drill, ResponseStep.RECEIVED, MONDAY + HOUR)

    assert services.end_overdue(at=datetime(2026, 12, 7, 20, tzinfo=UTC)) == 0
    assert services.end_overdue(at=datetime(2026, 12, 8, 1, tzinfo=UTC)) == 1
    session.rollback()  # what is done is kept, whatever comes after it
    assert services.end_overdue(at=datetime(2026, 12, 9, 1, tzinfo=UTC)) == 0

    found = queries.newest_result(scene.school.id)
    assert (drill.state, found.answered, found.in_time) == (DrillState.NO_ANSWER, False, False)
    assert [found.minutes(step) for step in ResponseStep] == [60, None, None, None, None]
    assert len(mails("drill_result")) == 1


def test_what_nobody_delivered_is_called_off_in_the_end(scene):
    drill = started(scene, scene.box)

    services.end_overdue(at=MONDAY + 30 * DAY)

    assert (drill.state, queries.newest_result(scene.school.id)) == (DrillState.CALLED_OFF, None)


def test_each_change_leaves_its_trail(scene):
    drill = started(scene)
    session.commit()
    services.open_by_code(scene.school, drill.code, by=scene.head, at=MONDAY)
    answered(scene, drill)

    rows = session.scalars(
        sa.select(AuditEntry.event)
        .where(AuditEntry.subject_type == "drill")
        .order_by(AuditEntry.id)
    )
    assert [one.value for one in rows] == [
        "drill.started",
        "drill.delivered",
        "drill.found",
        *["drill.step_recorded"] * 5,
        "drill.finished",
    ]


# --- no personal data --------------------------------------------------------------------------


def test_no_table_of_drills_has_room_for_anything_that_a_person_typed():
    """Text columns hold words of fixed lists, or a copy of what the school declares."""
    free = {
        f"{table.__tablename__}.{column.name}"
        for table in (Drill, DrillStep, DrillOutcome)
        for column in table.__table__.columns
        if isinstance(column.type, sa.Text)
    }

    assert free == {
        "drill.address", "drill.opens", "drill.closes", "drill.code", "drill.language",
    }  # fmt: skip


def test_no_value_of_a_drill_names_a_person(scene):
    drill = started(scene, announced=True)
    session.commit()
    services.open_by_code(scene.school, drill.code, by=scene.head, at=MONDAY)
    answered(scene, drill)

    values = [
        str(getattr(row, column.name))
        for table in (Drill, DrillStep, DrillOutcome)
        for row in session.scalars(sa.select(table))
        for column in table.__table__.columns
    ]
    people = [one for user in session.scalars(sa.select(User)) for one in (user.name, user.email)]
    offices = [one.office for one in session.scalars(sa.select(ReportingPerson))]
    assert len(values) > 50
    assert [word for word in (*people, *offices) if any(word in value for value in values)] == []


def test_the_year_plan_has_two_drills_and_the_one_that_was_answered_is_done(scene):
    def done(first):
        dates = queries.plan_dates(scene.school, year=SchoolYear(first), today=MONDAY.date())
        return [one.done_on for one in dates]

    assert done(2026) == [None, None]
    drill = started(scene)
    answered(scene, drill)
    assert done(2026) == [MONDAY.date(), None]
    assert done(2027) == [None, None]


CODE = "DRILL-7Q4K"


def test_a_school_draws_again_until_it_has_no_drill_of_that_code(scene, monkeypatch):
    drawn = iter([CODE, CODE, "DRILL-0001"])
    monkeypatch.setattr(services, "new_code", lambda: next(drawn))
    first = started(scene, scene.box)
    services.call_off(first, by=scene.member, at=MONDAY)

    assert (first.code, started(scene, scene.box).code) == (CODE, "DRILL-0001")


def test_the_database_keeps_codes_of_a_school_apart(scene, monkeypatch):
    first = started(scene, scene.box)
    services.call_off(first, by=scene.member, at=MONDAY)
    monkeypatch.setattr(services, "_unused_code", lambda _school: first.code)

    with pytest.raises(sa.exc.IntegrityError):
        started(scene, scene.box)
    session.rollback()
