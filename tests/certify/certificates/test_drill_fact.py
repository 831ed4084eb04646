"""The fact about the newest drill: optional, and without it a certificate is written as before."""

import hashlib
import json
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.document.facts import DrillFact, read_facts
from cissapp.certify.certificates.phrases.facts import drill_line
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core.db import canonical, session, unit_of_work
from cissapp.foundation.signing import seal
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.applications.submission_content.reading import parse_submission
from cissapp.prepare.drills import services as drills
from cissapp.prepare.drills.rules import MessageTemplate, NextStepChoice, ResponseStep
from cissapp.prepare.drills.rules.inputs import DrillOrder, StepReport
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingPerson
from cissapp.prepare.mechanism.rules import ChannelKind
from tests.certify.certificates.specimen import drawn, facts, ring, signed
from tests.factories import NOW

DRILL = DrillFact(on=date(2026, 10, 2), medium="mail", minutes=90, in_time=True)

# The text and the hash of a certificate that was issued before there were drills.
BEFORE = (
    '{"base_url":"https://ciss.example","code":"473VCQTRBW4WAHNP005N","country_code":"MD",'
    '"criteria_version":"1.0","decided_on":"2026-11-25","demo":false,"documents":[],'
    '"dossier_sha256":"'
    + "c"
    * 64
    + '","format":"ciss-certificate-1","group_name":"ECPAT Moldova",'
    '"key_id":"2020-A","language":"en","level":2,"locality":"Orhei","module_levels":[["policy",2.0]],'
    '"number":"MD-2026-00042","region_code":"MD-OR","school_code":"S1","school_name":"Lyceum No. 4",'
    '"valid_from_on":"2026-11-25","valid_until_on":"2028-11-25"}'
)


def test_a_certificate_from_before_is_read_and_keeps_its_text_and_hash():
    known = read_facts(BEFORE)

    assert (known.drill, known.text()) == (None, BEFORE)
    assert known.sha256 == hashlib.sha256(BEFORE.encode()).hexdigest()


def test_a_certificate_from_before_the_hashes_of_texts_is_read_and_keeps_its_text():
    raw = json.loads(BEFORE)
    drill = {"in_time": True, "medium": "mail", "minutes": 90, "on": "2026-10-02"}
    documents = [{"evidence_code": "POL", "sha256": "d" * 64, "version": 1}]
    second = {"format": "ciss-certificate-2", "drill": drill, "documents": documents}
    text = canonical({**raw, **second})

    known = read_facts(text)

    assert (known.drill, known.documents[0].text_sha256, known.text()) == (DRILL, None, text)


def test_the_newest_format_says_that_there_was_no_drill():
    raw = json.loads(facts().text())

    assert (raw["format"], raw["drill"]) == ("ciss-certificate-4", None)


def test_with_a_drill_it_is_written_out():
    raw = json.loads(facts(drill=DRILL).text())

    assert (raw["format"], raw["drill"]) == (
        "ciss-certificate-4",
        {"in_time": True, "medium": "mail", "minutes": 90, "on": "2026-10-02"},
    )


@given(
    st.none()
    | st.builds(
        DrillFact,
        st.dates(),
        st.sampled_from(["mail", "box", "conversation"]),
        st.none() | st.integers(0, 5000),
        st.booleans(),
    )
)
def test_facts_come_back_as_they_were_written(drill):
    known = facts(drill=drill)

    assert read_facts(known.text()) == known


def altered(**changes) -> str:
    raw = json.loads(facts(drill=DRILL).text())
    for name, value in changes.items():
        if value is None:
            del raw[name]
        else:
            raw[name] = value
    return canonical(raw)


@pytest.mark.parametrize(
    "text",
    [
        altered(format="ciss-certificate-1"),
        altered(format="ciss-certificate-2"),
        altered(drill=None),
        altered(proof_address="https://other.example"),
        altered(credential_address=None),
        altered(format="ciss-certificate-3"),
        altered(format="ciss-certificate-5"),
        altered(signatory={"name": "Ana"}),
        altered(logo_sha256=None),
        altered(drill={"on": "2026-10-02"}),
        altered(drill={"on": "soon", "medium": "mail", "minutes": 1, "in_time": True}),
        altered(drill="none"),
        altered(
            drill={"on": "2026-10-02", "medium": "mail", "minutes": 1, "in_time": True, "more": 1}
        ),
        canonical({**json.loads(BEFORE), "drill": None}),
        canonical({**json.loads(BEFORE), "format": "ciss-certificate-2"}),
        canonical({**json.loads(BEFORE), "format": "ciss-certificate-2", "drill": None}),
        canonical({**json.loads(BEFORE), "format": "ciss-certificate-3", "drill": None}),
    ],
)
def test_anything_between_the_formats_is_no_certificate(text):
    with pytest.raises(ValueError, match=r"facts|canonically|isoformat"):
        read_facts(text)


@pytest.mark.parametrize("drill", [None, DRILL])
def test_a_signed_file_carries_either_format(tmp_path, drill):
    known, keys = facts(drill=drill), ring(tmp_path)
    content = signed(known, keys)

    assert seal.examine(content, keys).good
    assert read_facts(pdf.facts_in(content) or "") == known
    assert read_facts(pdf.facts_in(drawn(known)) or "") == known


@pytest.mark.parametrize(
    ("drill", "expected"),
    [
        (DRILL, "2 October 2026, Email: acknowledged after 90 working minutes, in time"),
        (
            DrillFact(date(2026, 10, 2), "box", 1, in_time=False),
            "2 October 2026, Letter box: acknowledged after 1 working minute, not in time",
        ),
        (
            DrillFact(date(2026, 10, 2), "form", None, in_time=False),
            "2 October 2026, Form on a page: the message was not acknowledged",
        ),
    ],
)
def test_a_page_shows_it_on_one_line(app, drill, expected):
    with app.test_request_context():
        assert drill_line(drill) == expected


def drilled(app, make, school):
    """A drill of the school that was answered within the same minute."""
    at = NOW.replace(day=23)
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        row = session.get(School, school.id)
        way = ReportingChannel(
            school_id=school.id,
            kind=ChannelKind.DIGITAL,
            description="Message",
            contact="tell@school.example",
            hours="always",
            added_at=at,
        )
        person = ReportingPerson(
            school_id=school.id, office="Deputy", contact="x", hours="y", trained=True, added_at=at
        )
        session.add_all([way, person])
        session.flush()
        order = DrillOrder(way.id, MessageTemplate.PUPIL_TALK, announced=False)
        drill = drills.start(row, order, by=head, at=at)
        for step in ResponseStep:
            asks = step in {ResponseStep.RECEIVED, ResponseStep.PASSED}
            choice = NextStepChoice.OFFER_TALK if step is ResponseStep.NEXT_STEP else None
            said = StepReport(step, at, person.id if asks else None, choice)
            drills.record_step(drill, said, by=head, at=at)


def test_the_drill_of_a_school_stands_on_its_certificate_and_on_the_public_page(app, make, client):
    school = make.school()
    drilled(app, make, school)

    known = read_facts(make.certified(school).facts)

    assert known.drill == DrillFact(date(2026, 11, 23), "mail", 0, in_time=True)
    page = client.get(f"/verify/{in_groups(known.code)}").get_data(as_text=True)
    assert "23 November 2026, Email: acknowledged after 0 working minutes, in time" in page


def test_the_drill_of_a_school_stands_in_the_dossier_that_it_hands_in(app, make):
    school = make.school(progress=Progress.TRAINED)
    drilled(app, make, school)

    application = make.handed_in(school, sift=False)

    with app.app_context():
        content = session.scalars(
            sa.select(Submission.content).where(Submission.application_id == application.id)
        ).one()
    found = parse_submission(content).mechanism.drill
    assert (found.answered, found.in_time, found.to_closed, found.finished_on) == (
        True,
        True,
        0,
        date(2026, 11, 23),
    )
