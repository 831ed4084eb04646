"""Writes of the reporting mechanism: done once, recorded."""

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.prepare.mechanism import queries, services
from cissapp.prepare.mechanism.models import ReportingMechanism
from cissapp.prepare.mechanism.rules import ChannelKind, MechanismPart
from cissapp.prepare.mechanism.rules.parts import (
    ChannelFacts,
    EscalationFacts,
    PersonFacts,
    ProtectionRules,
)
from tests.factories import NOW
from tests.prepare.acts import LATER, LIMITS, PERSON, trail
from tests.refusals import codes

pytestmark = pytest.mark.usefixtures("context")


def test_an_entry_is_added_once_changed_and_removed(school, head):
    row = services.add_entry(school, PERSON, by=head, at=NOW)
    same = services.add_entry(school, PERSON, by=head, at=LATER)
    services.change_entry(row, PERSON, by=head, at=LATER)
    services.change_entry(row, PersonFacts("Teacher", "room 8", "9-15"), by=head, at=LATER)
    found = queries.entries(school.id, MechanismPart.PERSONS)
    assert same is row
    assert [(one.office, one.contact, one.trained, one.added_at) for one in found] == [
        ("Teacher", "room 8", False, NOW)
    ]

    services.remove_entry(row, by=head, at=LATER)
    services.remove_entry(row, by=head, at=LATER)
    assert queries.entries(school.id, MechanismPart.PERSONS) == []
    assert trail(school) == [
        ("mechanism.changed", {"what": "added"}),
        ("mechanism.changed", {"what": "changed"}),
        ("mechanism.changed", {"what": "removed"}),
    ]


def test_rules_that_were_saved_while_this_save_waited_are_not_overwritten(school, head):
    mine = ProtectionRules("Who must know.", "", "", "", never_handles_images=False)
    row = services.save_mechanism(school, mine, by=head, at=NOW)
    # A colleague's transaction, which the session knows nothing of.
    theirs = update(ReportingMechanism).values(confidentiality="Everybody who asks.")
    session.execute(theirs, execution_options={"synchronize_session": False})

    with pytest.raises(Refused) as refused:
        services.save_mechanism(
            school, replace(mine, confidentiality="The head."), by=head, at=LATER
        )

    assert codes(refused) == ["overtaken"]
    assert row.confidentiality == "Everybody who asks."


def test_the_first_description_is_not_overwritten_by_one_that_waited(school, head, monkeypatch):
    mine = ProtectionRules("Mine.", "", "", "", never_handles_images=False)
    theirs = ReportingMechanism(
        school_id=school.id,
        confidentiality="Theirs.",
        never_handles_images=False,
        changed_at=NOW,
        changed_by_id=head.id,
    )

    def wait(*_school, **_part) -> None:
        session.add(theirs)
        session.flush()

    monkeypatch.setattr(services, "lock_for_change", wait)
    with pytest.raises(Refused) as refused:
        services.save_mechanism(school, mine, by=head, at=LATER)

    assert codes(refused) == ["overtaken"]
    assert theirs.confidentiality == "Theirs."


def test_each_kind_of_entry_finds_its_list(school, head):
    channel = ChannelFacts(ChannelKind.DIGITAL, "Form", "school page", "always", anonymous=True)
    step = EscalationFacts("Police", "at once", "112")

    services.add_entry(school, channel, by=head, at=NOW)
    services.add_entry(school, step, by=head, at=NOW)

    channels, steps = (
        queries.entries(school.id, one)
        for one in (MechanismPart.CHANNELS, MechanismPart.ESCALATION)
    )
    assert [(one.kind, one.description, one.anonymous) for one in channels] == [
        (ChannelKind.DIGITAL, "Form", True)
    ]
    assert [(one.body, one.when_called, one.contact) for one in steps] == [
        ("Police", "at once", "112")
    ]


def test_an_entry_is_found_only_in_its_list(school, head):
    row = services.add_entry(school, PERSON, by=head, at=NOW)

    assert queries.entry(MechanismPart.PERSONS, row.id) is row
    assert queries.entry(MechanismPart.CHANNELS, row.id) is None


def test_a_list_has_an_end(school, head):
    for number in range(30):
        services.add_entry(school, EscalationFacts(f"Body {number}", "then", "1"), by=head, at=NOW)

    with pytest.raises(Refused) as refused:
        services.add_entry(school, EscalationFacts("Another", "then", "1"), by=head, at=NOW)

    assert codes(refused) == ["many"]


def test_limits_and_rules_share_a_row_and_are_saved_once(school, head, make):
    rules = ProtectionRules(
        "Who must know.", "Nobody is punished.", None, None, never_handles_images=True
    )
    services.save_mechanism(school, rules, by=head, at=NOW)
    services.save_mechanism(school, LIMITS, by=head, at=LATER)

    row = services.save_mechanism(school, LIMITS, by=make.manager(school), at=LATER)

    assert (
        row.crime_hours, row.answer_days, row.plan_days, row.confidentiality, row.no_retaliation,
        row.about_staff, row.evidence_rule, row.never_handles_images, row.changed_at, row.changed_by_id,
    ) == (24, 1, 3, "Who must know.", "Nobody is punished.", None, None, True, LATER, head.id)  # fmt: skip
    assert trail(school) == [("mechanism.changed", {"what": "changed"})] * 2
