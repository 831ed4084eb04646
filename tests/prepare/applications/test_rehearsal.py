"""The rehearsal: the same checks as the hand-in, the next actions in their order, three bars."""

from dataclasses import dataclass
from uuid import UUID

import html5lib
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.prepare.applications import services
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.applications.queries.rehearsal import rehearse
from cissapp.prepare.applications.rules.next_actions import (
    NextAction,
    PartMean,
    Urgency,
    next_actions,
    part_means,
)
from cissapp.prepare.assessment.models import SelfEvidence, SelfScore
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
)
from tests import factories
from tests.factories import NOW

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Criterion:
    id: str
    part: str
    critical: bool = False


CRITERIA = [
    Criterion("A1", "A", critical=True), Criterion("A2", "A"), Criterion("A3", "A"),
    Criterion("B1", "B", critical=True), Criterion("B2", "B"), Criterion("B3", "B"),
    Criterion("C1", "C"),
]  # fmt: skip


def test_critical_comes_before_zero_and_zero_before_cheap():
    levels = {"A1": 1, "A2": 1, "A3": 0, "B1": 0, "B2": 1, "B3": 2, "C1": None}

    assert next_actions(CRITERIA, levels, {"A2": 3, "B2": 1}) == [
        NextAction("B1", Urgency.CRITICAL, 0),
        NextAction("A1", Urgency.CRITICAL, 1),
        NextAction("A3", Urgency.ZERO, 0),
        NextAction("B2", Urgency.CHEAP, 1),
        NextAction("A2", Urgency.CHEAP, 1),
    ]


@given(
    st.dictionaries(st.sampled_from([one.id for one in CRITERIA]), st.none() | st.integers(0, 3)),
    st.dictionaries(st.sampled_from([one.id for one in CRITERIA]), st.integers(0, 4)),
)
def test_all_that_are_below_level_2_are_named_in_their_order(levels, unclear):
    found = next_actions(CRITERIA, levels, unclear)

    assert [one.why for one in found] == sorted(one.why for one in found)
    assert all((levels.get(one.criterion_id, 0) or 0) < 2 for one in found)
    open_ = [one.id for one in CRITERIA if one.id not in levels or levels[one.id] in {0, 1}]
    assert sorted(one.criterion_id for one in found) == sorted(open_)


def test_a_bar_is_the_mean_of_what_was_scored_and_applies():
    levels = {"A1": 3, "A2": 2, "A3": None, "B1": 0}

    assert part_means(CRITERIA, levels) == [
        PartMean("A", 2.5, 2, 3),
        PartMean("B", 0.0, 1, 3),
        PartMean("C", None, 0, 1),
    ]


# --- the same as the hand-in -------------------------------------------------------------------


@pytest.fixture
def ready(context):
    """A school whose dossier lacks nothing, and its head."""
    school = factories.school()
    head, _designated = factories.trained(school)
    factories.complete_dossier(school, head)
    return school, head


def rows(kind, school):
    return session.scalars(sa.select(kind).where(kind.school_id == school.id)).all()


def drop(kind):
    def spoil(school):
        for row in rows(kind, school):
            session.delete(row)

    return spoil


def change(kind, **values):
    def spoil(school):
        for row in rows(kind, school):
            for name, value in values.items():
                setattr(row, name, value)

    return spoil


def drop_evidence(school):
    session.execute(sa.delete(SelfEvidence).where(SelfEvidence.school_id == school.id))
    session.expire_all()


def drop_policy(school):
    for version in rows(DocumentVersion, school):
        version.document.evidence_code = "PLAN"


SPOIL = {
    "no persons": drop(ReportingPerson),
    "no channels": drop(ReportingChannel),
    "no steps": drop(EscalationStep),
    "no scores": drop(SelfScore),
    "untrained": change(ReportingPerson, trained=False),
    "only the head": change(ReportingPerson, is_head=True),
    "not in holidays": change(ReportingChannel, in_holidays=False),
    "long limits": change(ReportingMechanism, answer_days=5),
    "no rule": change(ReportingMechanism, confidentiality=None),
    "keeps pictures": change(ReportingMechanism, evidence_rule="The teacher saves the photo."),
    "head to nobody": change(ReportingMechanism, about_head_id=UUID(int=1)),
    "short texts": change(SelfScore, text="Yes."),
    "no evidence": drop_evidence,
    "no policy": drop_policy,
}


def handed_in(school, head) -> bool:
    """Try to hand in, and take it back."""
    attempt = session.begin_nested()
    try:
        services.submit_for_school(
            school, content=content(), statement_signed=True, by=head, at=NOW, language="en"
        )
    except Refused:
        return False
    else:
        return True
    finally:
        attempt.rollback()
        session.expire_all()


@pytest.mark.one_database("sqlite")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(st.sampled_from(sorted(SPOIL)), max_size=3))
def test_what_the_rehearsal_calls_incomplete_never_reaches_a_reviewer(ready, faults):
    school, head = ready
    attempt = session.begin_nested()
    for fault in sorted(faults):
        SPOIL[fault](school)
        session.flush()
        session.expire_all()

    complete = rehearse(school, content(), language="en", today=NOW.date()).complete
    reached = handed_in(school, head)

    attempt.rollback()
    session.expire_all()
    assert complete is (faults == set())
    assert reached is complete
    assert session.scalars(sa.select(Submission)).all() == []


def test_the_page_says_what_is_missing_what_is_next_and_promises_nothing(app, make, sign_in):
    school = make.school()
    head, _designated = make.trained(school)
    make.complete_dossier(school, head)
    with app.app_context():
        before = session.scalars(sa.select(SelfScore)).all()
    page = sign_in(head).get("/school/application/rehearsal")
    tree = html5lib.parse(page.get_data(as_text=True), namespaceHTMLElements=False)
    said = page.get_data(as_text=True)

    assert page.status_code == 200
    assert "Complete: you can submit it" in said
    assert "It does not promise a level" in said
    bars_ = [one for one in tree.iter(f"{SVG}rect") if one.get("class") == "bar-part"]
    assert [one.get("width") for one in bars_] == ["80"] * 3
    assert said.count("44 answers do not give a job title: say who does it.") == 1
    assert said.count("44 answers do not say when: add by when, or how often.") == 1
    assert len(before) == 44


def test_an_empty_school_is_told_where_to_begin(make, sign_in):
    said = (
        sign_in(make.manager(make.school()))
        .get("/school/application/rehearsal")
        .get_data(as_text=True)
    )

    assert "Not complete: you cannot submit it yet" in said
    assert "Before you can submit" in said
    assert said.count("Choose a level for each criterion.") == 1
    assert "Start with A1 " in said
    assert "No criterion that you scored is below level 2." in said


def test_a_level_that_is_too_low_is_said_once_with_all_its_criteria(app, make, sign_in):
    school = make.school()
    head, _designated = make.trained(school)
    make.complete_dossier(school, head)
    with app.app_context(), unit_of_work():
        for score in session.scalars(sa.select(SelfScore)):
            score.level = 1

    said = sign_in(head).get("/school/application/rehearsal").get_data(as_text=True)

    assert said.count("this is enough to prevent a school from being certified") == 1
    assert said.count("At level 1: there is little left to do.") == 1
    assert said.index("Critical and below level 2") < said.index("At level 1:")
