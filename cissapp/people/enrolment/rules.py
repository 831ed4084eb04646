"""What a school's facts must be, who may invite whom, and what a school plans, which events a school's page shows."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import is_unseen, normalised
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.rules import RegisterFacts

LONGEST = {"code": 40, "name": 300, "locality": 120}
NAME_LENGTH = 120
PUPILS_MOST = 20_000
SHORT = 2_000
FILL_IN = N_("Fill in “%(column)s”.")


def one_line(text: str) -> str:
    """Return text as a single line in NFC, without control or invisible characters."""
    if len(text) <= SHORT and text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    kept = "".join(
        " " if mark in "\t\r\n" else mark
        for mark in normalised("NFC", text)
        if mark in "\t\r\n" or not is_unseen(mark)
    )
    return " ".join(kept.split())


# --- facts -----------------------------------------------------------------------------------


def fact_problems(facts: RegisterFacts, countries: Mapping[str, CountryPack]) -> list[Problem]:
    """List what is wrong with a school's facts."""
    problems = [_text_problem(name, getattr(facts, name)) for name in LONGEST]
    country = countries.get(facts.country_code)
    if country is None:
        problems.append(Problem("country_code", N_("This country is not available here.")))
    else:
        problems += [_region_problem(facts, country), _language_problem(facts, country)]
    problems.append(_pupils_problem(facts.pupils))
    return [problem for problem in problems if problem]


def _text_problem(name: str, value: str) -> Problem | None:
    if not value:
        return Problem(name, FILL_IN, {"column": name})
    if len(value) > LONGEST[name]:
        message = N_("“%(column)s” can have up to %(most)s characters.")
        return Problem(name, message, {"column": name, "most": LONGEST[name]})
    return None


def _region_problem(facts: RegisterFacts, country: CountryPack) -> Problem | None:
    if country.in_force(facts.region_code):
        return None
    if facts.region_code in country.regions:
        ended = N_(
            "The region “%(region)s” no longer exists after a reform. Choose the current region."
        )
        return Problem("region_code", ended, {"region": facts.region_code})
    if not facts.region_code:
        return Problem("region_code", FILL_IN, {"column": "region"})
    message = N_("“%(region)s” is not a region of this country.")
    return Problem("region_code", message, {"region": facts.region_code})


def _language_problem(facts: RegisterFacts, country: CountryPack) -> Problem | None:
    if facts.language in country.file.languages:
        return None
    if not facts.language:
        return Problem("language", FILL_IN, {"column": "language"})
    message = N_("The language must be one of %(languages)s.")
    return Problem("language", message, {"languages": ", ".join(country.file.languages)})


def _pupils_problem(pupils: int | None) -> Problem | None:
    if pupils is None or 0 <= pupils <= PUPILS_MOST:
        return None
    return Problem(
        "pupils", N_("The number of pupils must be between 0 and %(most)s."), {"most": PUPILS_MOST}
    )


def differences(facts: RegisterFacts, known: RegisterFacts) -> list[str]:
    """Name the facts in which a row differs from the school in the register."""
    names = facts.__struct_fields__
    return [name for name in names if getattr(facts, name) != getattr(known, name)]


# --- invitations -----------------------------------------------------------------------------

CLOSED_DUTY = N_("You cannot invite someone for this role.")


def duties_to_invite(role: Role | None, duty: Duty | None) -> list[Duty]:
    """List the duties that a person may invite others of the school to.

    The coordinator, and the system on importing a list, may invite to all; head and deputy to the other two.
    """
    if role in {Role.COORDINATOR, None}:
        return list(Duty)
    if role is Role.SCHOOL_MANAGER and duty in {Duty.HEAD, Duty.DEPUTY}:
        return [Duty.DEPUTY, Duty.DESIGNATED_PERSON]
    return []


# --- leaving, closing, a break -----------------------------------------------------------------


class LeavingKind(StrEnum):
    """What a school tells its national group of its plans."""

    PAUSES = "pauses"
    LEAVES = "leaves"
    CLOSES = "closes"


LEAVING_NAMES = {
    LeavingKind.PAUSES: N_("We need a break, and want to continue later."),
    LeavingKind.LEAVES: N_("We want to leave the programme."),
    LeavingKind.CLOSES: N_("Our school is closing, or merging with another one."),
}
LEAVING_TITLES = {
    LeavingKind.PAUSES: N_("A school needs a break"),
    LeavingKind.LEAVES: N_("A school wants to leave the programme"),
    LeavingKind.CLOSES: N_("A school is closing or merging"),
}
TOLD_ENOUGH = Problem(
    "state", N_("Your national group has been told several times today. Wait for its answer.")
)


def leaving_problems(kind: LeavingKind, until_on: date | None, today: date) -> list[Problem]:
    """List what is wrong with a school's plans: only a break has an end, which is still to come."""
    if until_on is None:
        return []
    if kind is not LeavingKind.PAUSES:
        message = N_("Only a break has an end. Leave the date empty, or choose a break.")
        return [Problem("until_on", message)]
    if until_on <= today:
        return [Problem("until_on", N_("Choose a day that is still to come."))]
    return []


# --- what happened ---------------------------------------------------------------------------

# What the history on a school's page shows: nothing of what a person learned, answered or read, and
# nothing of a review before it is decided.
SCHOOL_EVENTS = (
    Event.SCHOOL_REGISTERED,
    Event.SCHOOL_CHANGED,
    Event.SCHOOL_MERGED,
    Event.SCHOOL_LEFT_REGISTER,
    Event.SCHOOL_LEAVING,
    Event.PERSON_INVITED,
    Event.PERSON_JOINED,
    Event.PERSON_RENAMED,
    Event.PERSON_ADDRESS_CHANGED,
    Event.ADDRESS_PASSED_ON,
    Event.PERSON_DEACTIVATED,
    Event.INVITATION_WITHDRAWN,
    Event.HANDOVER_STARTED,
    Event.HANDOVER_DONE,
    Event.HANDOVER_STOPPED,
    Event.HANDOVER_LAPSED,
    Event.APPLICATION_OPENED,
    Event.APPLICATION_SUBMITTED,
    Event.APPLICATION_WITHDRAWN,
    Event.APPLICATION_REVIEW_STARTED,
    Event.CHANGES_REQUESTED,
    Event.APPLICATION_DECIDED,
    Event.CERTIFICATE_ISSUED,
    Event.CERTIFICATE_SUSPENDED,
    Event.CERTIFICATE_REINSTATED,
    Event.CERTIFICATE_WITHDRAWN,
    Event.CERTIFICATE_REPLACED,
)
