"""What a dossier says of the reporting mechanism: more than before, and what was handed in before is read."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from cissapp.foundation.core.db import canonical, session
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.applications.submission_content.evidence import gather_evidence
from cissapp.prepare.applications.submission_content.reading import parse_submission
from cissapp.prepare.applications.submission_content.values import (
    SubmittedAgreement,
    SubmittedChannel,
    SubmittedMechanism,
    SubmittedPerson,
    SubmittedRecipient,
)
from cissapp.prepare.applications.submission_content.writing import write_submission
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism import queries as mechanism_queries
from cissapp.prepare.mechanism import services as mechanism_services
from cissapp.prepare.mechanism.models import ReportingChannel
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium, MechanismPart
from cissapp.prepare.mechanism.rules.parts import (
    AboutAdults,
    ChannelFacts,
    Coverage,
    PersonFacts,
    RecipientFacts,
)
from tests import factories
from tests.factories import NOW

DRILL = DrillResult(
    ChannelMedium.BOX, announced=True, finished_on=date(2026, 10, 2), answered=True, in_time=False,
    to_received=1, to_acknowledged=2, to_passed=3, to_next_step=4, to_closed=5,
    right_person=True, right_step=False,
)  # fmt: skip


def written(school, drill=None):
    return write_submission(
        factories.application(school, round=1),
        gather_evidence(school.id),
        rubric_version="1.0",
        signed_as=Duty.HEAD,
        at=NOW,
        drill=drill,
    )


@pytest.mark.one_database("sqlite")
def test_everything_new_of_a_mechanism_comes_back(context):
    school = factories.school()
    head = factories.manager(school)
    channel = ChannelFacts(
        ChannelKind.DIGITAL, "Message", "tell@school.example", "daily", medium=ChannelMedium.MAIL,
        languages=["ro", "ru"], opens="08:00", closes="16:00", for_adults=True, past_head=True,
    )  # fmt: skip
    psychologist = mechanism_services.add_entry(
        school, PersonFacts("Psychologist", "room 7", "9-15", independent=True), by=head, at=NOW
    )
    way = mechanism_services.add_entry(school, channel, by=head, at=NOW)
    mechanism_services.add_entry(school, RecipientFacts(2, "Head", "the result"), by=head, at=NOW)
    mechanism_services.add_entry(school, RecipientFacts(1, "Deputy", "everything"), by=head, at=NOW)
    mechanism_services.save_mechanism(
        school, Coverage(["ro", "ru"], "112", "Deputy", "office"), by=head, at=NOW
    )
    mechanism_services.save_mechanism(school, AboutAdults(psychologist.id, way.id), by=head, at=NOW)

    found = parse_submission(written(school, DRILL)).mechanism

    assert found == SubmittedMechanism(
        agreed=SubmittedAgreement(
            pupil_languages=("ro", "ru"), out_of_hours="112", holiday_cover="Deputy", parents_contact="office",
        ),
        persons=(
            SubmittedPerson("Psychologist", "room 7", "9-15", is_head=False, trained=False, alternate=False, independent=True),
        ),
        channels=(
            SubmittedChannel(
                ChannelKind.DIGITAL, "Message", "tell@school.example", "daily", in_holidays=False, anonymous=False,
                medium=ChannelMedium.MAIL, languages=("ro", "ru"), opens="08:00", closes="16:00",
                for_adults=True, past_head=True,
            ),
        ),
        steps=(),
        told=(SubmittedRecipient(1, "Deputy", "everything"), SubmittedRecipient(2, "Head", "the result")),
        about_head="Psychologist",
        about_person="Message",
        drill=DRILL,
    )  # fmt: skip


@pytest.mark.one_database("sqlite")
def test_a_dossier_of_before_is_read_without_what_it_did_not_say(context):
    school = factories.school()
    factories.complete_dossier(school, factories.manager(school))
    raw = json.loads(written(school))
    mechanism = raw["mechanism"]
    for name in ("told", "about_head", "about_person", "drill"):
        del mechanism[name]
    for name in ("pupil_languages", "out_of_hours", "holiday_cover", "parents_contact"):
        del mechanism["agreed"][name]
    for one in mechanism["persons"]:
        del one["independent"]
    for one in mechanism["channels"]:
        for name in ("medium", "languages", "opens", "closes", "for_adults", "past_head"):
            del one[name]

    assert (
        parse_submission(canonical(raw)).mechanism == parse_submission(written_again(raw)).mechanism
    )


def written_again(raw):
    """The same dossier, with what is new at its defaults."""
    agreed = {
        "pupil_languages": [],
        "out_of_hours": None,
        "holiday_cover": None,
        "parents_contact": None,
    }
    mechanism = raw["mechanism"]
    return canonical(
        raw
        | {
            "mechanism": {
                **mechanism,
                "agreed": mechanism["agreed"] | agreed,
                "persons": [one | {"independent": False} for one in mechanism["persons"]],
                "told": [],
                "drill": None,
            }
        }
    )


def test_a_way_that_was_removed_since_has_no_name(context):
    school = factories.school()
    head = factories.manager(school)
    way = mechanism_services.add_entry(
        school, ChannelFacts(ChannelKind.WRITTEN, "Box", "library", "always"), by=head, at=NOW
    )
    mechanism_services.save_mechanism(school, AboutAdults(way.id, None), by=head, at=NOW)
    session.execute(sa.delete(ReportingChannel))
    session.expire_all()

    found = parse_submission(written(school)).mechanism

    assert (found.about_head, found.channels) == (None, ())
    assert replace(found, drill=None) == found
    assert mechanism_queries.entries(school.id, MechanismPart.CHANNELS) == []
