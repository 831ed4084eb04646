"""A planted change lists every place that says the old value, and only these."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import AcceptedFile
from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import deactivate
from cissapp.people.notices import services as notices
from cissapp.people.notices.models import Mail, Notification
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.rules.files import CheckedFile
from cissapp.prepare.facts import queries, services
from cissapp.prepare.facts.models import ChangedFact, FactConfirmation, KnownHelpline
from cissapp.prepare.facts.queries.changes import old_values
from cissapp.prepare.facts.rules import PaperKind, printed_facts
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules.parts import (
    Coverage,
    EscalationFacts,
    PersonFacts,
    TimeLimits,
)
from tests.factories import NOW
from tests.prepare.acts import LATER, trail
from tests.shipped import SHIPPED, installed_country
from tests.statements import statements_sent

TODAY = NOW.date()
PERSON = PersonFacts("Psychologist", "room 7, 044 123 45 67", "9-15")
MOVED = PersonFacts("Psychologist", "room 7, 044 765 43 21", "9-15")
SERIALS = count()
SAFE = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def school(context, make):
    return make.school(country_code="UA", region_code="UA-30")


@pytest.fixture
def head(school, make):
    return make.manager(school, name="Olena Koval", duty=Duty.HEAD)


def uploaded(school, by, *pages, title="Policy"):
    """Upload a document with these pages."""
    examined = AcceptedFile(MediaType.PDF, "\n".join(pages), len(pages), (), pages)
    file = CheckedFile(title.encode(), "file.pdf", examined)
    return documents.add_document(
        school, title=title, evidence_code="POL", file=file, store=files(), by=by, at=NOW
    )


def made(school, by, name, kind=PaperKind.PRODUCT, at=NOW, only=None):
    """Record a paper that says every fact of today, or those alone whose keys hold a word."""
    facts = printed_facts(queries.facts_of(school, TODAY), TODAY)
    if only is not None:
        facts = {key: value for key, value in facts.items() if only in key}
    return services.record_paper(school, kind, name, "en", facts, by=by, at=at)


def listed(school):
    """List the places: names of papers and titles of documents, each with old and new values."""
    found = old_values(school, TODAY)
    papers = {
        place.paper.name: {(one.old, one.new) for one in place.differences}
        for place in found.papers
    }
    texts = {
        place.title: {(one.old, one.new, pages) for one, pages in place.differences}
        for place in found.documents
    }
    return papers, texts


@pytest.mark.one_database("sqlite")
def test_a_changed_number_lists_papers_and_pages_that_say_it(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    uploaded(school, head, "Nothing here", "Call +380 (44) 123-45-67", "and 044 123 45 67")
    uploaded(school, head, "Call 044 123 45 68", title="Another")
    made(school, head, "with", only=str(person.id))
    made(school, head, "without", only="school")

    mechanism.change_entry(person, MOVED, by=head, at=LATER)

    old, new = PERSON.contact, MOVED.contact
    assert listed(school) == ({"with": {(old, new)}}, {"Policy": {(old, new, (2, 3))}})


def test_a_person_who_leaves_is_listed_everywhere(school, head, make):
    deputy = make.manager(school, name="Ірина Бондар", duty=Duty.DEPUTY)
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    uploaded(school, head, "ірина  бондар та Psychologist", "044 123 45 67")
    made(school, head, "names", only="staff.deputy")
    made(school, head, "persons", only="person")

    mechanism.remove_entry(person, by=head, at=LATER)
    deactivate(deputy, by=head, at=LATER)

    assert listed(school) == (
        {
            "names": {("Ірина Бондар", None)},
            "persons": {(PERSON.office, None), (PERSON.contact, None), (PERSON.hours, None)},
        },
        {
            "Policy": {
                ("Ірина Бондар", None, (1,)),
                (PERSON.office, None, (1,)),
                (PERSON.contact, None, (2,)),
            }
        },
    )


def test_limits_and_steps_change_papers_and_a_way_back_changes_nothing(school, head):
    step = mechanism.add_entry(
        school, EscalationFacts("Police", "at once", "044 200 10 10"), by=head, at=NOW
    )
    mechanism.save_mechanism(school, TimeLimits(24, 1, 3), by=head, at=NOW)
    made(school, head, "all")
    uploaded(school, head, "Police: 044 2001010, 102")

    mechanism.change_entry(
        step, EscalationFacts("Police", "at once", "044 200 10 11"), by=head, at=LATER
    )
    mechanism.save_mechanism(school, TimeLimits(12, 1, 3), by=head, at=LATER)
    assert listed(school) == (
        {"all": {("044 200 10 10", "044 200 10 11"), ("24", "12")}},
        {"Policy": {("044 200 10 10", "044 200 10 11", (1,))}},
    )

    mechanism.change_entry(
        step, EscalationFacts("Police", "at once", "044 200 10 10"), by=head, at=LATER
    )
    mechanism.save_mechanism(school, TimeLimits(24, 1, 3), by=head, at=LATER)
    assert listed(school) == ({}, {})


def test_a_value_that_is_only_written_otherwise_changes_nothing(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    uploaded(school, head, "Psychologist: room 7, 044 123 45 67")
    made(school, head, "product")
    same = PersonFacts("psychologist", "room 7, (044) 123-45-67", "9-15")

    mechanism.change_entry(person, same, by=head, at=LATER)
    assert listed(school) == ({}, {})

    mechanism.remove_entry(person, by=head, at=LATER)
    mechanism.add_entry(school, PERSON, by=head, at=LATER)
    assert listed(school) == ({}, {})


def test_a_new_file_settles_a_product_and_a_poster_hangs_until_it_is_replaced(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    made(school, head, "product")
    poster = made(school, head, "poster", PaperKind.POSTER)
    mechanism.change_entry(person, MOVED, by=head, at=LATER)

    made(school, head, "product", at=LATER)
    made(school, head, "poster", PaperKind.POSTER, at=LATER)
    [place] = old_values(school, TODAY).papers
    assert (place.paper.name, place.new_file_is_made) == ("poster", True)

    services.settle_paper(poster, school, by=head, at=LATER)
    assert listed(school) == ({}, {})
    assert ("paper.replaced", {}) in trail(school)


def test_a_document_is_settled_until_another_change(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    document = uploaded(school, head, "Psychologist: 044 123 45 67")
    mechanism.change_entry(person, MOVED, by=head, at=LATER)

    services.settle_document(school, document.versions[0].id, by=head, at=LATER)
    services.settle_document(school, document.versions[0].id, by=head, at=LATER)
    assert listed(school) == ({}, {})

    mechanism.remove_entry(person, by=head, at=LATER)
    assert listed(school) == ({}, {"Policy": {("Psychologist", None, (1,))}})


def test_a_document_that_is_a_made_paper_is_listed_once(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    document = uploaded(school, head, "Psychologist: 044 123 45 67")
    paper = made(school, head, "policy", PaperKind.POLICY)
    paper.version_id = document.versions[0].id
    mechanism.change_entry(person, MOVED, by=head, at=LATER)

    assert listed(school) == ({"policy": {(PERSON.contact, MOVED.contact)}}, {})


def test_people_are_told_once_and_only_if_a_place_says_it(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    mechanism.change_entry(person, MOVED, by=head, at=LATER)
    told = select(func.count(Notification.id)).where(Notification.user_id == head.id)
    assert session.scalar(told) == 0

    made(school, head, "product")
    mechanism.change_entry(person, PERSON, by=head, at=LATER)
    mechanism.change_entry(person, MOVED, by=head, at=LATER)
    mechanism.change_entry(person, PERSON, by=head, at=LATER)
    assert session.scalar(told) == 1


def test_what_is_kept_of_a_change_is_what_documents_can_say(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    mechanism.change_entry(person, PersonFacts("Nurse", "room 8", "10-12"), by=head, at=LATER)

    rows = session.scalars(select(ChangedFact).order_by(ChangedFact.key))
    assert [(one.key.rpartition(".")[2], one.old, one.new) for one in rows] == [
        ("contact", PERSON.contact, "room 8"),
        ("office", "Psychologist", "Nurse"),
    ]


@pytest.mark.one_database("sqlite")
def test_a_contact_is_confirmed_when_it_is_entered_changed_or_said_to_be_right(school, head):
    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    mechanism.save_mechanism(school, Coverage([], "112", None, None), by=head, at=NOW)
    spring = NOW + timedelta(days=150)
    summer = NOW + timedelta(days=250)

    mechanism.save_mechanism(school, TimeLimits(24, 1, 3), by=head, at=spring)
    assert confirmed(school) == {"person": TODAY, "cover": TODAY}

    mechanism.change_entry(person, MOVED, by=head, at=spring)
    assert confirmed(school) == {"person": spring.date(), "cover": TODAY}

    assert len(services.confirm_facts(school, None, by=head, at=summer)) == 2
    assert confirmed(school) == {"person": summer.date(), "cover": summer.date()}

    mechanism.remove_entry(person, by=head, at=summer)
    assert session.scalar(select(func.count(FactConfirmation.key))) == 1


def confirmed(school):
    return {
        key.partition(".")[0]: one.confirmed_on
        for key, one in queries.facts_of(school, TODAY).items()
        if one.is_contact and not one.is_helpline
    }


@pytest.mark.one_database("sqlite")
def test_only_what_was_seen_is_confirmed(school, head):
    from cissapp.prepare.facts.services.confirming import seen

    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    [shown] = [
        one
        for one in queries.facts_of(school, TODAY).values()
        if one.key.startswith("per") and one.is_contact
    ]
    mechanism.change_entry(person, MOVED, by=head, at=LATER)

    assert services.confirm_facts(school, [seen(shown)], by=head, at=LATER) == []


def test_a_helpline_that_changes_is_noted_once_for_its_country(school, head):
    mechanism.add_entry(school, PERSON, by=head, at=NOW)
    uploaded(school, head, "Call 116 000 or 102")
    assert services.note_helplines(at=NOW) == 0

    row = session.get(KnownHelpline, ("UA", "helpline.UA.child-helpline"))
    row.value = "116 000"
    made(school, head, "product")
    assert (services.note_helplines(at=LATER), services.note_helplines(at=LATER)) == (1, 0)

    new = queries.facts_of(school, TODAY)["helpline.UA.child-helpline"].value
    assert listed(school) == ({}, {"Policy": {("116 000", new, (1,))}})
    assert session.scalar(select(func.count(Notification.id))) == 1


def test_the_head_is_reminded_once_of_what_nobody_confirmed(school, head, make):
    make.manager(school, duty=Duty.DEPUTY)
    mechanism.add_entry(school, PERSON, by=head, at=NOW)
    later = NOW + timedelta(days=200)

    days = [NOW, later, later + timedelta(days=1), later + timedelta(days=60)]
    with notices.hold_mails():
        assert [services.remind_of_numbers(at=at) for at in days] == [0, 1, 0, 0]

    [mail] = session.scalars(select(Mail))
    assert mail.to == head.email
    assert PERSON.contact in mail.body
    assert "116 111, 0 800 500 225" in mail.body


def test_where_a_country_has_no_line_those_that_help_anywhere_are_a_reason_too(app, school, head):
    file = SHIPPED.countries[school.country_code].file.model_copy(update={"helplines": []})
    later = NOW + timedelta(days=200)
    mechanism.add_entry(school, PERSON, by=head, at=NOW)
    services.confirm_facts(school, None, by=head, at=later - timedelta(days=1))

    with installed_country(app, CountryPack(file)), notices.hold_mails():
        assert services.remind_of_numbers(at=later) == 1

    assert "https://takeitdown.ncmec.org" in session.scalars(select(Mail.body)).one()


def test_a_text_that_was_taken_out_is_forgotten_here_too(school, head):
    from cissapp.prepare.applications.services.redaction import redact_current_texts

    person = mechanism.add_entry(school, PERSON, by=head, at=NOW)
    paper = made(school, head, "product")
    mechanism.change_entry(person, MOVED, by=head, at=LATER)
    made(school, head, "poster", PaperKind.POSTER)
    gone = {PERSON.contact, MOVED.contact}

    redact_current_texts(school.id, gone)

    session.expire_all()
    assert f"person.{person.id}.contact" not in queries.facts_of(school, TODAY)
    assert not gone & {*paper.facts.values()}
    assert session.scalar(select(func.count(ChangedFact.id))) == 0
    assert session.scalar(select(func.count(FactConfirmation.key))) == 0


@pytest.mark.one_database("sqlite")
@settings(max_examples=12, suppress_health_check=SAFE)
@given(planted=st.lists(st.booleans(), min_size=1, max_size=4))
def test_exactly_the_planted_places_are_listed(school, head, planted):
    serial = next(SERIALS)
    person = mechanism.add_entry(
        school, PersonFacts(f"Office {serial}", f"067 {1_000_000 + serial}", "9"), by=head, at=NOW
    )
    old, new = person.contact, f"068 {2_000_000 + serial}"
    names = [f"{serial}-{number}" for number in range(len(planted))]
    for name, there in zip(names, planted, strict=True):
        uploaded(school, head, f"Call {old if there else new}", title=name)
        made(school, head, name, only=str(person.id) if there else "school.name")

    mechanism.change_entry(person, PersonFacts(person.office, new, "9"), by=head, at=LATER)

    papers, texts = listed(school)
    expected = {name for name, there in zip(names, planted, strict=True) if there}
    assert {one for one in papers if one in names} == expected
    assert {one for one in texts if one in names} == expected


def test_the_number_of_statements_does_not_grow(school, head):
    counts = []
    for number in range(2):
        person = mechanism.add_entry(
            school, PersonFacts(f"Office {number}", f"067 12345{number}0", "9"), by=head, at=NOW
        )
        uploaded(school, head, f"Call 067 12345{number}0", title=str(number))
        made(school, head, str(number))
        mechanism.change_entry(person, PersonFacts(f"Office {number}", "1", "9"), by=head, at=LATER)
        session.flush()
        counts.append(statements(lambda: old_values(school, TODAY)))

    assert counts[0] == counts[1]
    assert counts[0] <= 12


def statements(ask):
    with statements_sent() as seen:
        ask()
    return len(seen)
