"""A school that answers again reads what changed in the standard since it last submitted."""

import pytest
from msgspec.structs import replace

from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.prepare.applications.rules.standard_changes import ChangeKind, changes_between
from tests import factories
from tests.prepare.pages import main_of, text_of
from tests.shipped import SHIPPED

PAGE, LIST = "/school/application/standard", "/school/self-assessment"
NOW, BEFORE = SHIPPED.standard, SHIPPED.earlier["1.0"]


def without(standard, *ids):
    return replace(standard, criteria=tuple(one for one in standard.criteria if one.id not in ids))


def test_the_same_standard_has_changed_in_nothing():
    assert list(changes_between(NOW, NOW)) == []


def test_what_is_new_and_what_is_gone_is_named_once_each():
    found = [
        (one.kind, (one.now or one.before).id)
        for one in changes_between(without(NOW, "C12"), without(NOW, "A2", "B3"))
    ]

    assert found == [
        (ChangeKind.NEW, "C12"),
        (ChangeKind.REMOVED, "A2"),
        (ChangeKind.REMOVED, "B3"),
    ]


def test_a_criterion_says_which_sentences_changed_and_whether_it_is_critical():
    found = {one.now.id: one for one in changes_between(BEFORE, NOW)}
    a4 = found["A4"]

    assert a4.notes == ["It is now critical."]
    assert found["A11"].notes == ["You can now leave it out, with a reason."]
    assert [level for level, _, _ in found["B1"].sentences("uk")] == ["1"]
    assert found["B1"].sentences("uk")[0][2] == NOW.by_id["B1"].text("uk").levels["1"]
    back = {one.now.id: one.notes for one in changes_between(NOW, BEFORE)}
    assert (back["A4"], back["A11"]) == (
        ["It is no longer critical."],
        ["You can no longer leave it out."],
    )


def test_translations_and_advice_are_no_change():
    key = NOW.criteria[0].key
    words = NOW.criteria[0].text("en").model_copy(update={"evidence_hint": "Another hint."})
    other = type(NOW.criteria[0])(key, {"en": words})

    assert list(changes_between(NOW, replace(NOW, criteria=(other, *NOW.criteria[1:])))) == []


@pytest.fixture
def withdrawn(app):
    """A school that submitted under version 1.0, withdrew, and answers version 2.0."""
    present = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = present.under("1.0")
    try:
        application = factories.handed_in()
    finally:
        app.extensions[EXTENSION] = present
    with app.app_context(), unit_of_work():
        session.get_one(Application, application.id).state = ApplicationState.WITHDRAWN
    return application.school


def test_the_page_shows_both_sentences_and_leads_to_the_criterion(withdrawn, sign_in, make):
    browser = sign_in(make.manager(withdrawn))

    listed, page = browser.get(LIST), browser.get(PAGE)

    assert PAGE in listed.text
    said = text_of(main_of(page))
    assert "under version 1.0 of the criteria. You now answer version 2.0." in said
    for standard in (BEFORE, NOW):
        assert standard.by_id["B1"].text("en").levels["1"] in said
    assert f'href="{LIST}/B1"' in page.text


def test_criteria_that_count_in_another_way_come_before_those_with_a_new_text(
    withdrawn, sign_in, make
):
    page = main_of(sign_in(make.manager(withdrawn)).get(PAGE))

    listed = [text_of(one).partition(" · ")[0] for one in page.iter("h3")]
    noted = {one.now.id for one in changes_between(BEFORE, NOW) if one.now and one.notes}
    assert {"A4", "A11"} <= noted
    assert {*listed[: len(noted)]} == noted
    assert len(listed) == len({*listed}) == len(list(changes_between(BEFORE, NOW)))


def test_nobody_is_led_there_whose_version_is_the_same(app, sign_in, make):
    browser = sign_in(make.manager(factories.handed_in().school))

    assert PAGE not in browser.get(LIST).text
    assert "Nothing that your answers depend on has changed." in text_of(main_of(browser.get(PAGE)))


def test_a_school_that_never_submitted_has_nothing_to_compare(app, sign_in, make):
    assert sign_in(make.manager()).get(PAGE).status_code == 404
