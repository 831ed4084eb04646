"""What a school's facts must be, how a row of a list is read, and who may invite whom."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import normalised
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.rules import RegisterFacts

REQUIRED = ("region", "code", "name", "locality", "language")
COLUMNS = ("country", *REQUIRED, "pupils", "head_email", "head_name")

LONGEST = {"code": 40, "name": 200, "locality": 120}
EMAIL_LENGTH, NAME_LENGTH = 254, 120
PUPILS_MOST = 20_000


class RowOutcome(StrEnum):
    """What became of a row of a list."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"
    REFUSED = "refused"


OUTCOME_NAMES = {
    RowOutcome.CREATED: N_("Created"),
    RowOutcome.UNCHANGED: N_("Unchanged"),
    RowOutcome.DIFFERS: N_("Differs, left as it is"),
    RowOutcome.REFUSED: N_("Refused"),
}


@dataclass(frozen=True)
class HeadContact:
    """The head of a school, as a list names them."""

    email: str
    name: str


@dataclass(frozen=True)
class ListRow:
    """A row of a list: its number in the file, its cells by column, and what was wrong with reading it."""

    number: int
    cells: dict[str, str]
    faults: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class SchoolList:
    """A list as it was read: its rows, and the columns that nobody knows."""

    lines: list[ListRow]
    unknown: list[str] = field(default_factory=list)


def one_line(text: str) -> str:
    """Take text as one form of Unicode, in one line, without control characters."""
    kept = "".join(
        " " if mark in "\t\r\n" else mark
        for mark in normalised("NFC", text)
        if mark in "\t\r\n" or unicodedata.category(mark) not in {"Cc", "Cs", "Co", "Cn"}
    )
    return " ".join(kept.split())


# --- facts -----------------------------------------------------------------------------------


def fact_problems(facts: RegisterFacts, countries: Mapping[str, CountryPack]) -> list[Problem]:
    """List what is wrong with a school's facts."""
    problems = [_text_problem(name, getattr(facts, name)) for name in LONGEST]
    country = countries.get(facts.country_code)
    if country is None:
        problems.append(Problem("country_code", N_("This country is not open here.")))
    else:
        problems += [_region_problem(facts, country), _language_problem(facts, country)]
    problems.append(_pupils_problem(facts.pupils))
    return [problem for problem in problems if problem]


def _text_problem(name: str, value: str) -> Problem | None:
    if not value:
        return Problem(name, N_("Fill in “%(column)s”."), {"column": name})
    if len(value) > LONGEST[name]:
        message = N_("“%(column)s” may have %(most)s characters.")
        return Problem(name, message, {"column": name, "most": LONGEST[name]})
    return None


def _region_problem(facts: RegisterFacts, country: CountryPack) -> Problem | None:
    if facts.region_code in country.regions:
        return None
    message = N_("The region “%(region)s” is not one of the country.")
    return Problem("region_code", message, {"region": facts.region_code})


def _language_problem(facts: RegisterFacts, country: CountryPack) -> Problem | None:
    if facts.language in country.file.languages:
        return None
    message = N_("The language must be one of %(languages)s.")
    return Problem("language", message, {"languages": ", ".join(country.file.languages)})


def _pupils_problem(pupils: int | None) -> Problem | None:
    if pupils is None or 0 <= pupils <= PUPILS_MOST:
        return None
    return Problem(
        "pupils", N_("The number of pupils is from 0 to %(most)s."), {"most": PUPILS_MOST}
    )


def differences(facts: RegisterFacts, known: RegisterFacts) -> list[str]:
    """Name the facts in which a row differs from the school in the register."""
    names = [one.name for one in fields(facts)]
    return [name for name in names if getattr(facts, name) != getattr(known, name)]


# --- rows of a list --------------------------------------------------------------------------


def read_row(
    line: ListRow, countries: Mapping[str, CountryPack]
) -> tuple[RegisterFacts, HeadContact | None]:
    """Read a row: facts and, if it is named, the head; raise `Refused` with everything that is wrong."""
    cells = {column: one_line(line.cells.get(column, "")) for column in COLUMNS}
    country_code = _country_code(cells, countries)
    facts = RegisterFacts(
        country_code=country_code,
        region_code=_region_code(cells["region"], countries.get(country_code)),
        code=cells["code"],
        name=cells["name"],
        locality=cells["locality"],
        language=cells["language"].lower(),
        pupils=_number(cells["pupils"]),
    )
    head = HeadContact(cells["head_email"], cells["head_name"])
    problems = [*line.faults, *fact_problems(facts, countries), *_head_problems(head)]
    if problems:
        raise Refused(*problems)
    return facts, head if head.email else None


def _country_code(cells: Mapping[str, str], countries: Mapping[str, CountryPack]) -> str:
    """Take the country that is named, else that of the region's code, else the only one there is."""
    if cells["country"]:
        return cells["country"].upper()
    before, mark, _after = cells["region"].upper().partition("-")
    if mark and before in countries:
        return before
    return next(iter(countries)) if len(countries) == 1 else ""


def _region_code(text: str, country: CountryPack | None) -> str:
    """Find a region by its code, or by its name in any language of the pack."""
    if country is None or text.upper() in country.regions:
        return text.upper()
    named = {
        name.casefold(): region.code
        for region in country.regions.values()
        for name in region.names.values()
    }
    return named.get(text.casefold(), text)


def _number(text: str) -> int | None:
    """Read a whole number with or without blanks; what is none becomes one that no school has."""
    if not text:
        return None
    digits = text.replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def _head_problems(head: HeadContact) -> list[Problem]:
    if head.name and not head.email:
        return [Problem("head_email", N_("“head_name” needs “head_email”."))]
    if len(head.name) > NAME_LENGTH:
        message = N_("“%(column)s” may have %(most)s characters.")
        return [Problem("head_name", message, {"column": "head_name", "most": NAME_LENGTH})]
    if head.email and not is_email(head.email):
        return [Problem("head_email", N_("“head_email” is not an e-mail address."))]
    return []


def is_email(text: str) -> bool:
    """Check whether a text has the shape of an e-mail address."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 -- slow import

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return len(text) <= EMAIL_LENGTH


FORMULA_MARKS = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking a text as a formula: an apostrophe goes before it."""
    bare = text.lstrip()
    if bare.startswith(FORMULA_MARKS) or text[:1] in {"\t", "\r", "\n"}:
        return f"'{text}"
    return text


# --- invitations -----------------------------------------------------------------------------


def duties_to_invite(role: Role | None, duty: Duty | None) -> list[Duty]:
    """List the duties that a person may invite others of the school to.

    The coordinator, and a list that the system reads, to all; head and deputy to those at their side.
    """
    if role in {Role.COORDINATOR, None}:
        return list(Duty)
    if role is Role.SCHOOL_MANAGER and duty in {Duty.HEAD, Duty.DEPUTY}:
        return [Duty.DEPUTY, Duty.DESIGNATED_PERSON]
    return []


# --- what happened ---------------------------------------------------------------------------

# What the page of a school shows of its past: nothing of what a person learned, answered or read, and
# nothing of a review before it is decided.
SCHOOL_EVENTS = (
    Event.SCHOOL_REGISTERED,
    Event.SCHOOL_CHANGED,
    Event.PERSON_INVITED,
    Event.PERSON_JOINED,
    Event.PERSON_DEACTIVATED,
    Event.INVITATION_REVOKED,
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
