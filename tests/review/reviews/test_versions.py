"""Two versions of the standard side by side: an application keeps the one that it was submitted under."""

from uuid import uuid4

import pytest

from cissapp.certify.certificates.queries.certificates import of_application
from cissapp.foundation.content.installed import EXTENSION, content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.queries import content_to_answer, submission, submitted_version
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.applications.services import submit_for_school
from cissapp.prepare.assessment.queries import standard_to_answer
from cissapp.review.reviews import services
from cissapp.review.reviews.models import Decision
from tests import factories as make
from tests.factories import NOW, REASON
from tests.pages import text_of

# Enough for a certificate under 1.0 only: the child-rights basis left out, and nothing in C2.
WEAK = {"A4": None, "A14": None, "B6": 1, "B14": 3, "C2": 0}


def submitted_under(app, version):
    present = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = present.under(version)
    try:
        return make.handed_in()
    finally:
        app.extensions[EXTENSION] = present


def scored_weakly(application, person):
    review = make.begun(application, person)
    standard = services.standard_of(review.submission, content())
    judgements = [
        services.ScoreInput(one, WEAK.get(one.id, 2), REASON, ["mechanism"])
        for one in standard.criteria
    ]
    services.save_scores(review, judgements, standard=standard, by=person, at=NOW)
    return review, standard


def recommended(review, standard, person, outcome=ApplicationOutcome.CERTIFIED, level=1):
    recommendation = services.Recommendation(
        outcome=outcome, level=level, needs=(), summary="Scored from what the file shows."
    )
    return services.submit_review(
        review, recommendation, version=review.version, standard=standard, by=person, at=NOW
    )


def test_an_application_submitted_under_1_0_is_reviewed_and_decided_by_1_0(app, context):
    application = submitted_under(app, "1.0")
    person, decider = make.reviewers(application)
    review, standard = scored_weakly(application, person)
    recommended(review, standard, person)

    assert (content().standard.rubric.version, standard.rubric.version) == ("2.0", "1.0")
    make.ruled(review, decider, level=1)

    assert session.query(Decision).one().outcome is ApplicationOutcome.CERTIFIED
    certificate = of_application(application.id)
    assert '"criteria_version":"1.0"' in certificate.facts


@pytest.mark.one_database("sqlite")
def test_a_new_application_uses_2_0(app, context):
    application = submitted_under(app, "2.0")
    (person,) = make.reviewers(application, 1)

    with pytest.raises(Refused) as refused:
        scored_weakly(application, person)

    assert [one.code for one in refused.value.problems] == ["level"]
    assert submission(application, 1).rubric_version == "2.0"


@pytest.mark.one_database("sqlite")
def test_the_school_answers_the_version_of_its_application_until_it_is_free_again(app, context):
    application = submitted_under(app, "1.0")
    school_id = application.school_id

    assert submitted_version(application) == "1.0"
    assert standard_to_answer(school_id, content()).rubric.version == "1.0"
    assert content_to_answer(application, content()).standard.rubric.version == "1.0"

    application.state = ApplicationState.WITHDRAWN
    session.flush()
    assert standard_to_answer(school_id, content()).rubric.version == "2.0"
    assert standard_to_answer(uuid4(), content()).rubric.version == "2.0"


@pytest.mark.one_database("sqlite")
def test_a_later_round_is_judged_by_the_version_of_the_first(app, context):
    application = submitted_under(app, "1.0")
    person, decider = make.reviewers(application)
    review = make.begun(application, person)
    standard = services.standard_of(review.submission, content())
    judgements = [
        services.ScoreInput(one, 1 if one.id == "A1" else 2, REASON, ["mechanism"])
        for one in standard.criteria
    ]
    services.save_scores(review, judgements, standard=standard, by=person, at=NOW)
    recommended(review, standard, person, outcome=ApplicationOutcome.MINOR_GAPS, level=None)
    make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)
    head = session.get(User, submission(application, 1).submitted_by_id)

    later = submit_for_school(
        application.school, content=content(), statement_signed=True, by=head, at=NOW
    )

    assert (later.round, later.rubric_version) == (2, "1.0")


def test_the_form_of_a_school_under_review_speaks_of_1_0(app, sign_in):
    head = make.manager(submitted_under(app, "1.0").school)
    earlier = app.extensions[EXTENSION].earlier["1.0"].by_id["A4"].text("en").levels["2"]

    page = sign_in(head).get("/school/self-assessment/A4").text

    assert "★ Critical" not in page
    assert earlier in page


@pytest.mark.one_database("sqlite")
def test_the_group_reads_under_which_version_a_case_is_and_a_comment_names_its_criterion(
    app, sign_in
):
    older, newer = submitted_under(app, "1.0"), make.handed_in()
    said = "submitted under version 1.0 of the criteria"
    titles = [one.by_id["A6"].text("en").title for one in both_standards(app)]
    assert titles[0] != titles[1]

    for application, title, is_told in ((older, titles[0], True), (newer, titles[1], False)):
        browser = sign_in(make.reviewers(application, 1)[0])
        case = f"/reviews/{application.id}"
        assert (said in browser.get(case).text) is is_told
        assert title in text_of(browser.get(f"{case}/comments/new?criterion=A6"))


def both_standards(app):
    present = app.extensions[EXTENSION]
    return present.earlier["1.0"], present.standard


@pytest.mark.one_database("sqlite")
def test_an_appeal_names_the_criteria_of_the_version_that_it_is_heard_by(app, sign_in):
    application = submitted_under(app, "1.0")
    person, decider = make.reviewers(application)
    review = make.scored(make.begun(application, person), A6=1, A1=1)
    minor = {"outcome": ApplicationOutcome.MINOR_GAPS, "level": None}
    make.recommended(review, recommendation=ApplicationOutcome.MINOR_GAPS, level=None)
    make.ruled(review, decider, **minor)
    before, now = (one.by_id["A6"].text("en").title for one in both_standards(app))
    with app.app_context():
        head_id = submission(application, 1).submitted_by_id
        head = session.get(User, head_id)

    page = text_of(sign_in(head).get("/school/application/appeal"))

    assert (f"A6 {before}" in page, f"A6 {now}" in page) == (True, False)
