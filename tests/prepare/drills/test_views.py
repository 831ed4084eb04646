"""Pages of drills: what the group starts, what the school sees and when."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import TooManyAttempts
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import AttemptCount
from cissapp.people.accounts.services.attempts import key_of
from cissapp.people.schools.models import NationalGroup, School
from cissapp.prepare.drills import queries, services
from cissapp.prepare.drills.models import Drill, DrillOutcome
from cissapp.prepare.drills.rules import DrillState, NextStepChoice
from cissapp.prepare.drills.rules.codes import WRONG_CODES
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingPerson
from cissapp.prepare.mechanism.rules import ChannelKind
from tests.pages import tree
from tests.people.accounts.test_attempts import at_once
from tests.plans import plans
from tests.statements import statements_sent

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFER_TALK = "A trained person offers to talk to the pupil, on the next working day at the latest."


@pytest.fixture
def ways(make, school):
    def channel(kind, contact, of=school):
        return make.kept(
            ReportingChannel(
                school_id=of.id, kind=kind, description="A way", contact=contact, hours="always", added_at=MONDAY,
            )
        )  # fmt: skip

    make.kept(
        ReportingPerson(
            school_id=school.id, office="Psychologist", contact="room 7", hours="9-15", trained=True, added_at=MONDAY,
        )
    )  # fmt: skip
    return {
        "mail": channel(ChannelKind.DIGITAL, "tell@school.example"),
        "box": channel(ChannelKind.WRITTEN, "beside the library"),
        "outside": channel(ChannelKind.OUTSIDE, "116 111"),
        "foreign": channel(ChannelKind.DIGITAL, "tell@other.example", make.school()),
    }


@pytest.fixture
def member(make, school, sign_in):
    return sign_in(make.user(Role.REVIEWER, group_id=school.group_id))


@pytest.fixture
def head(make, school, sign_in):
    return sign_in(make.manager(school))


def texts(page, tag):
    return [" ".join("".join(one.itertext()).split()) for one in tree(page).iter(tag)]


def start(browser, school, way, at=MONDAY, **values):
    data = {"channel_id": str(way.id), "template": "pupil_talk", "announced": "no", **values}
    with clock.at(at):
        return browser.post(f"/schools/{school.id}/drills", data=data)


def drills(app):
    with app.app_context():
        return session.scalars(sa.select(Drill)).unique().all()


def test_the_drills_in_progress_are_found_by_an_index_in_their_order(context, make, school):
    """Those of all groups are in progress at once, and their states say nothing about their order."""
    reviewer = make.user(Role.REVIEWER, group_id=school.group_id)

    live = plans(lambda: queries.live_in_group(reviewer), in_order=True)
    ended = plans(lambda: queries.ended_in_group(reviewer), in_order=True)

    assert any("ix_drill_in_progress" in line for line in live)
    assert any("ix_drill_started_at" in line for line in ended)
    # A group that is looked up drill by drill seems so rare to PostgreSQL that it reads and sorts all.
    assert not [line for line in live + ended if "SubPlan" in line or "CORRELATED" in line]


def test_a_member_starts_a_drill_and_reads_the_message(app, member, school, ways):
    answer = start(member, school, ways["mail"])
    [drill] = drills(app)

    assert (answer.status_code, answer.location) == (302, f"/drills/{drill.id}")
    page = member.get(answer.location)
    assert texts(page, "h1") == [f"Drill {drill.code}"]
    assert f"{drill.code}: un elev dorește" in page.get_data(as_text=True)
    listed = member.get("/reviews/drills").get_data(as_text=True)
    assert drill.code in listed


@pytest.mark.parametrize("way", ["outside", "foreign"])
def test_a_tampered_form_starts_nothing(app, member, school, ways, way):
    answer = start(member, school, ways[way])

    assert (answer.status_code, drills(app)) == (422, [])


def test_the_form_has_no_place_for_a_text_or_an_address(app, member, school, ways):
    page = member.get(f"/schools/{school.id}/drills")
    main = next(tree(page).iter("main"))
    controls = {one.get("type") for one in main.iter("input")}
    sent = start(
        member,
        school,
        ways["mail"],
        address="victim@elsewhere.example",
        body="Something",
        language="xx",
    )

    assert controls == {"hidden", "radio"}
    assert list(main.iter("textarea")) == []
    assert (sent.status_code, [one.address for one in drills(app)]) == (
        302,
        ["tell@school.example"],
    )


def test_a_message_that_is_delivered_by_hand_is_noted_in_the_time_of_the_country(
    app, member, school, ways
):
    start(member, school, ways["box"])
    [drill] = drills(app)
    with clock.at(MONDAY + 2 * HOUR):
        early = member.post(f"/drills/{drill.id}/deliver", data={"moment": "2026-11-23T15:00"})
        good = member.post(f"/drills/{drill.id}/deliver", data={"moment": "2026-11-23T11:30"})
        late = member.post(f"/drills/{drill.id}/call-off")

    [drill] = drills(app)
    assert (early.status_code, good.status_code, late.status_code) == (422, 302, 422)
    assert (drill.state, drill.delivered_at) == (DrillState.RUNNING, MONDAY + 1.5 * HOUR)


def test_a_drill_is_called_off_before_it_is_delivered(app, member, school, ways):
    start(member, school, ways["box"])
    [drill] = drills(app)

    assert member.post(f"/drills/{drill.id}/call-off").status_code == 302
    assert drills(app)[0].state is DrillState.CALLED_OFF


# --- the school --------------------------------------------------------------------------------


def test_an_unannounced_drill_is_nowhere_on_the_pages_of_the_school(
    app, member, head, school, ways
):
    start(member, school, ways["mail"])
    [drill] = drills(app)

    for address in ("/school/drills", "/school", "/school/reporting", "/school/application"):
        page = head.get(address).get_data(as_text=True)
        assert drill.code not in page
        assert "A drill is coming" not in page
    assert head.get(f"/school/drills/{drill.id}").status_code == 404
    assert head.get(f"/drills/{drill.id}").status_code == 403


def test_who_wants_a_drill_reads_whom_to_ask(app, head, school):
    page = head.get("/school/drills")

    with app.app_context():
        group = session.get_one(NationalGroup, school.group_id).name

    assert "Ask the national group for a drill of one way to report" in texts(page, "h2")
    assert texts(page, "address") == [group]


def test_an_announced_drill_is_told_without_its_code(app, member, head, school, ways):
    start(member, school, ways["mail"], announced="yes")
    [drill] = drills(app)
    page = head.get("/school/drills").get_data(as_text=True)

    assert ("A drill is coming" in page, drill.code in page) == (True, False)


def test_a_school_finds_answers_and_reads_that_it_was_a_drill(app, member, head, school, ways):
    start(member, school, ways["mail"])
    [drill] = drills(app)
    with app.app_context():
        office = session.scalars(sa.select(ReportingPerson)).one()
    wrong = head.post("/school/drills", data={"code": "DRILL-0000"})
    found = head.post("/school/drills", data={"code": drill.code.lower()})
    assert (wrong.status_code, found.location) == (422, f"/school/drills/{drill.id}")

    fields = [
        {"person_id": str(office.id)},
        {},
        {"person_id": str(office.id)},
        {"choice": "offer_talk"},
        {},
    ]
    for number, values in enumerate(fields):
        moment = f"2026-11-23T{11 + number}:00"
        with clock.at(MONDAY + (number + 1) * HOUR):
            assert head.post(found.location, data={}).status_code == 422
            sent = head.post(found.location, data={"moment": moment, **values})
        assert (sent.status_code, sent.location) == (302, found.location)

    page = head.get(found.location)
    assert texts(page, "h1") == ["It was a drill"]
    assert "Answered in time" in page.get_data(as_text=True)
    chosen = texts(page, "td")[-13::3]
    assert chosen == ["Psychologist", "", "Psychologist", OFFER_TALK, ""]
    assert "Answered in time" in head.get("/school/drills").get_data(as_text=True)
    assert "Answered in time" in member.get(f"/drills/{drill.id}").get_data(as_text=True)


@pytest.mark.parametrize(("day", "said"), [(23, "✓ Finished"), (30, "! Answered, but late")])
def test_the_list_says_how_a_drill_went(app, member, head, school, ways, day, said):
    """One that was answered a week late had a green tick."""
    start(member, school, ways["mail"])
    [drill] = drills(app)
    with app.app_context():
        office = {"person_id": str(session.scalars(sa.select(ReportingPerson)).one().id)}
    with clock.at(MONDAY + timedelta(days=day - 23, hours=6)):
        head.post("/school/drills", data={"code": drill.code})
        for number, values in enumerate([office, {}, office, {"choice": "offer_talk"}, {}]):
            moment = {"moment": f"2026-11-{day}T{11 + number // 4}:00"}
            head.post(f"/school/drills/{drill.id}", data={**moment, **values})

        page = member.get("/reviews/drills")

    assert next(one for one in texts(page, "span") if one[:1] in {"✓", "!"}) == said


def test_codes_cannot_be_guessed_for_long(app, member, head, school, ways):
    start(member, school, ways["mail"])
    [drill] = drills(app)

    with clock.at(MONDAY + HOUR):
        wrong = [head.post("/school/drills", data={"code": f"DRILL-{n:04}"}) for n in range(41)]
        right = head.post("/school/drills", data={"code": drill.code})
    with clock.at(MONDAY + 26 * HOUR):
        next_day = head.post("/school/drills", data={"code": drill.code})

    assert [one.status_code for one in (*wrong[38:], right, next_day)] == [422, 422, 429, 429, 302]


def test_no_more_codes_are_answered_when_many_are_sent_at_once(app, member, school, ways):
    """Each of them found the last guess of the day free before one of the others was counted."""
    start(member, school, ways["mail"])
    with app.app_context(), unit_of_work():
        session.add(
            AttemptCount(key=key_of(WRONG_CODES, str(school.id)), count=39, ends_at=MONDAY + HOUR)
        )

    def guess():
        with app.app_context(), unit_of_work():
            here = session.get_one(School, school.id)
            try:
                services.open_by_code(here, "DRILL-0000", by=SYSTEM, at=MONDAY)
            except TooManyAttempts:
                return "wait"

    answers = at_once(8, guess)

    assert Counter(answers) == {"code": 1, "wait": 7}


def test_the_page_does_not_tell_the_right_step(app, member, head, school, ways):
    """Every choice looks the same, and no page or form reads the key."""
    start(member, school, ways["mail"])
    [drill] = drills(app)
    with app.app_context():
        office = session.scalars(sa.select(ReportingPerson)).one()
    address = head.post("/school/drills", data={"code": drill.code}).location
    for number, values in enumerate(
        ({"person_id": str(office.id)}, {}, {"person_id": str(office.id)})
    ):
        with clock.at(MONDAY + (number + 1) * HOUR):
            head.post(address, data={"moment": f"2026-11-23T{11 + number}:00", **values})

    page = head.get(address)
    root = tree(page)
    offered = {
        one.get("value"): sorted(set(one.keys()) - {"value", "id"})
        for one in root.iter("input")
        if one.get("name") == "choice"
    }
    assert set(offered) == {one.value for one in NextStepChoice}
    assert len({tuple(names) for names in offered.values()}) == 1
    room = Path(app.root_path) / "prepare" / "drills"
    readers = {
        path.name
        for path in room.rglob("*.py")
        if "rules.answer_key import" in path.read_text("utf-8")
    }
    assert readers == {"services.py"}


def test_the_list_of_a_group_needs_as_many_queries_for_three_as_for_one(
    app, make, member, school, ways
):
    def counted():
        with statements_sent(app) as seen:
            assert member.get("/reviews/drills").status_code == 200
        return len(seen)

    start(member, school, ways["box"])
    one = counted()
    for _ in range(2):
        other = make.school(group_id=school.group_id)
        way = make.kept(
            ReportingChannel(
                school_id=other.id, kind=ChannelKind.WRITTEN, description="Box", contact="x", hours="y", added_at=MONDAY,
            )
        )  # fmt: skip
        start(member, other, way)

    assert counted() == one


def test_drills_in_progress_stay_listed_however_many_have_ended_since(
    app, make, member, school, ways, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    start(member, school, ways["box"])
    [running] = drills(app)
    with app.app_context(), unit_of_work():
        columns = {one.name: getattr(running, one.name) for one in Drill.__table__.columns}
        for number in range(3):
            ended = {
                "id": uuid4(),
                "code": f"ENDED{number}",
                "state": DrillState.CALLED_OFF,
                "started_at": running.started_at + timedelta(days=number + 1),
                "finished_at": running.started_at + timedelta(days=number + 1),
            }
            session.execute(sa.insert(Drill).values(**columns | ended))

    first = member.get("/reviews/drills").get_data(as_text=True)
    (later,) = re.findall(r'rel="next"\s+href="([^"]+)"', first)
    second = member.get(unescape(later)).get_data(as_text=True)

    found = [re.findall(r"ENDED\d", page) for page in (first, second)]
    assert [list(dict.fromkeys(one)) for one in found] == [["ENDED2", "ENDED1"], ["ENDED0"]]
    assert all(running.code in page for page in (first, second))


def test_a_school_with_many_drills_reads_them_a_page_at_a_time(
    app, head, school, member, ways, monkeypatch
):
    monkeypatch.setattr(queries, "SCHOOL_ROWS", 2)
    start(member, school, ways["box"])
    [running] = drills(app)
    with app.app_context(), unit_of_work():
        columns = {one.name: getattr(running, one.name) for one in Drill.__table__.columns}
        for number in range(3):
            at = running.started_at - timedelta(days=90 * number + 60)
            drill_id = uuid4()
            ended = {
                "id": drill_id,
                "code": f"ENDED{number}",
                "state": DrillState.NO_ANSWER,
                "started_at": at,
                "delivered_at": at,
                "delivered_by_id": running.started_by_id,
                "finished_at": at + timedelta(days=14),
            }
            session.execute(sa.insert(Drill).values(**columns | ended))
            result = DrillOutcome(
                drill_id=drill_id, school_id=school.id, medium=running.medium, announced=False,
                finished_on=(at + timedelta(days=14)).date(), finished_at=at + timedelta(days=14),
                answered=False, in_time=False,
            )  # fmt: skip
            session.add(result)

    first = head.get("/school/drills").get_data(as_text=True)
    (later,) = re.findall(r'rel="next"\s+href="([^"]+)"', first)
    second = head.get(unescape(later)).get_data(as_text=True)

    links = [re.findall(r'href="/school/drills/([0-9a-f-]{36})"', page) for page in (first, second)]
    assert [len(one) for one in links] == [2, 1]
    assert str(running.id) not in first + second
