"""The first page of learning is kept in pieces, and none of them keeps whose it was."""

import re

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import fragments
from cissapp.learn.learning.queries.schools import MemberTraining, SchoolTraining, TrainingGap
from cissapp.learn.learning.views.start_page import training_of_school
from cissapp.people.accounts.queries import MemberFacts
from cissapp.people.accounts.rules import Duty
from tests.factories import NOW


def school(*names):
    left = list(content().modules[:2])
    head, deputy = (
        MemberFacts(name, name, duty)
        for name, duty in zip(names, (Duty.HEAD, Duty.DEPUTY), strict=True)
    )
    people = [MemberTraining(head, left, 80, NOW), MemberTraining(deputy, [], 0, None)]
    missing = [
        TrainingGap((Duty.HEAD,), head, left),
        TrainingGap((Duty.DESIGNATED_PERSON,), None, left),
    ]
    return SchoolTraining(people, missing, {})


@pytest.fixture
def rendered(app, monkeypatch):
    """What was rendered, and not taken from what is kept."""
    found, render = [], fragments._rendered

    def counted(template, *rest):
        found.append(render(template, *rest))
        return found[-1]

    monkeypatch.setattr(fragments, "_rendered", counted)
    with app.test_request_context("/learn"):
        app.extensions.pop(fragments.EXTENSION, None)
        yield found
        app.extensions.pop(fragments.EXTENSION, None)


@pytest.mark.one_database("sqlite")
def test_schools_that_are_equally_far_share_what_is_rendered_but_for_the_names(rendered):
    pages = [training_of_school(school(*names), NOW) for names in (("A <i>", "B"), ("C", "D"))]

    (kept,) = rendered
    texts = [re.sub(r"\s+", " ", page) for page in pages]
    assert texts[0] == re.sub(r"\s+", " ", fragments.filled(kept, name_0="A <i>", name_1="B"))
    assert texts[1] == texts[0].replace("A &lt;i&gt;", "C").replace(">B (", ">D (")
    assert "<strong>A &lt;i&gt;</strong> (Head): modules 1, 2" in texts[0]
    assert '<th scope="row" role="rowheader">B (Deputy head)</th>' in texts[0]
    assert "nobody with this role has an account yet" in texts[0]
