"""Writes of the policy studio, and how many statements a policy takes; on both databases."""

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.people.schools.models import School
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules.parts import PersonFacts
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.models import PolicyWording
from cissapp.prepare.policy.rules.clauses import ClauseChoice
from cissapp.prepare.policy.rules.updates import UpdateKind, digest_of
from cissapp.prepare.policy.services.clauses import ClauseFacts
from tests.factories import NOW
from tests.prepare.acts import trail
from tests.prepare.policy.library import (
    ANSWERS,
    CLAUSES,
    LIBRARY,
    clause,
    element,
    installed,
    library,
)
from tests.refusals import codes
from tests.statements import statements_sent

CLAUSE = {one.id: one for one in CLAUSES}
PLACES = frozenset({"devices", "school"})
LEFT_OUT = ClauseFacts(ClauseChoice.LEFT_OUT, reason="No devices come here.")


@pytest.fixture
def school(app, answered):
    with app.app_context(), unit_of_work():
        yield session.get_one(School, answered.school_id)


def own(text, **others):
    return ClauseFacts(ClauseChoice.CHANGED, {"adults": text, **others}, "en")


def test_the_same_answers_again_change_nothing_and_an_empty_one_takes_back(school, answered):
    assert services.save_answers(school, ANSWERS, by=answered, at=NOW) == []
    changed = services.save_answers(school, {"founder": [], "gone": ["x"]}, by=answered, at=NOW)

    assert changed == ["founder"]
    assert "founder" not in queries.answers(school.id)
    assert [name for name, _ in trail(school)] == ["policy.answered"] * 2


@pytest.mark.one_database("sqlite")
def test_a_wrong_answer_refuses_them_all(school, answered):
    wrong = {"adults_total": ["0"], "devices": ["own_phones"], "volunteers": ["perhaps"]}
    with pytest.raises(Refused) as refused:
        services.save_answers(school, wrong, by=answered, at=NOW)

    assert codes(refused) == ["adults_total", "volunteers"]
    assert queries.answers(school.id)["devices"].said == ANSWERS["devices"]


def choose(school, answered, facts, chosen=None):
    chosen = chosen or CLAUSE["devices"]
    return services.choose_clause(school, chosen, facts, PLACES, by=answered, at=NOW)


@pytest.mark.one_database("sqlite")
def test_words_that_differ_in_blanks_alone_take_the_clause_as_it_is(school, answered):
    text = CLAUSE["devices"].text("en").text
    row = choose(school, answered, own(f"  {text}\n"))

    assert (row.choice, row.own) == (ClauseChoice.TAKEN, {})
    assert row.wording_digest == digest_of(CLAUSE["devices"])


def test_a_wording_is_kept_once_and_read_back_as_it_was(school, answered):
    choose(school, answered, own("Phones rest."))
    choose(school, answered, LEFT_OUT)
    choose(school, answered, LEFT_OUT)

    assert session.query(PolicyWording).count() == 1
    decision = queries.state_of(school, NOW.date()).said.decisions["devices"]
    assert decision.held == CLAUSE["devices"]
    assert (decision.choice, decision.own) == (ClauseChoice.LEFT_OUT, {})
    assert [name for name, _ in trail(school)][1:] == ["policy.clause_chosen"] * 2


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (ClauseFacts(ClauseChoice.LEFT_OUT, reason="no"), ["reason"]),
        (own(""), ["adults"]),
        (own("See {nothing}.", older="And {that}."), ["adults", "older"]),
        (own("x" * 4001), ["adults"]),
    ],
)
def test_what_is_wrong_with_a_choice_is_named_at_its_field(school, answered, facts, wrong):
    with pytest.raises(Refused) as refused:
        choose(school, answered, facts)

    assert codes(refused) == wrong
    assert queries.clause_rows(school.id) == {}


@pytest.mark.one_database("sqlite")
def test_law_that_nobody_checked_is_not_taken_in_the_words_of_the_library(school, answered):
    unsure = CLAUSE["unsure"]
    for facts, code in (
        (ClauseFacts(ClauseChoice.TAKEN), "choice"),
        (own(unsure.text("en").text), "adults"),
    ):
        with pytest.raises(Refused) as refused:
            choose(school, answered, facts, unsure)
        assert codes(refused) == [code]

    assert choose(school, answered, own("We do so."), unsure).choice is ClauseChoice.CHANGED


def test_updates_are_answered(app, school, answered):
    for one in ("who", "devices", "ways"):
        choose(school, answered, ClauseFacts(ClauseChoice.TAKEN), CLAUSE[one])
    newer = library(
        clause("who", "Other words.", elements=("A1.groups",), version=2),
        clause("devices", "Other words.", elements=("A1.devices",), version=2),
    )
    with installed(app, newer):
        updates = {one.clause.id: one for one in queries.state_of(school, NOW.date()).updates}
        assert {key: one.kind for key, one in updates.items()} == {
            "who": UpdateKind.CHANGED,
            "devices": UpdateKind.CHANGED,
        }
        services.answer_update(school, updates["who"], take=True, by=answered, at=NOW)
        services.answer_update(school, updates["devices"], take=False, by=answered, at=NOW)
        assert queries.state_of(school, NOW.date()).updates == []
        rows = queries.clause_rows(school.id)
        assert (rows["who"].wording.version, rows["devices"].wording.version) == (2, 1)
        assert rows["devices"].declined == digest_of(newer.clause_by_id["devices"])


@pytest.mark.one_database("sqlite")
def test_without_a_deputy_an_alternate_with_another_office_stands_in(app, make):
    lone = make.manager(make.school(language="en"))
    with app.app_context(), unit_of_work():
        alone = session.get_one(School, lone.school_id)
        for office in ("The designated person", "Psychologist"):
            person = PersonFacts(office, "room 7", "9-15", trained=True, alternate=True)
            mechanism.add_entry(alone, person, by=lone, at=NOW)
        known = element("person", "designated person")
        with installed(app, library(elements={**LIBRARY.elements, "A3.person": known})):
            deputy = queries.state_of(alone, NOW.date()).values["deputy"]

    assert deputy.text == "Psychologist"
    assert list(deputy.facts.values()) == ["Psychologist"]


@pytest.mark.one_database("sqlite")
def test_paragraphs_are_bounded_and_not_doubled(school, answered):
    first = services.add_paragraph(school, "scope", "One.", by=answered, at=NOW)
    assert services.add_paragraph(school, "scope", "One.", by=answered, at=NOW) is first
    for number in range(39):
        services.add_paragraph(school, "scope", f"More {number}.", by=answered, at=NOW)
    with pytest.raises(Refused):
        services.add_paragraph(school, "scope", "One too many.", by=answered, at=NOW)


def test_a_policy_takes_as_many_statements_however_much_is_said(school, answered):
    session.flush()
    with statements_sent() as little:
        queries.state_of(school, NOW.date())
    for one in CLAUSES[:5]:
        choose(school, answered, own("Phones and computers."), one)
        services.add_paragraph(school, "scope", f"On {one.id}.", by=answered, at=NOW)
    session.flush()
    session.expire_all()
    session.refresh(school)
    with statements_sent() as much:
        queries.state_of(school, NOW.date())

    assert len(much) <= len(little) + 1
