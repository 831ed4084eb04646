"""A school's facts, its status, and the figures in which it is counted."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem


class RegisterFacts(Struct, frozen=True):
    """The facts about a school that the register holds."""

    country_code: str
    region_code: str
    code: str
    name: str
    locality: str
    language: str
    pupils: int | None


class RegionCount(Struct, frozen=True):
    """The official numbers of schools and pupils in a region, or in the country (None), on a given date."""

    region_code: str | None
    schools: int | None
    pupils: int | None
    counted_on: date


class LetterheadText(Struct, frozen=True):
    """The name and job title of a group's signatory, and its address; all empty if there is none."""

    signatory_name: str = ""
    signatory_office: str = ""
    address: str = ""

    @property
    def lines(self) -> list[str]:
        """The address line by line."""
        return lines_of(self.address)


EMAIL_LENGTH = 254


def is_email(text: str) -> bool:
    """Check whether a text has the shape of an email address."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 -- slow import

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return len(text) <= EMAIL_LENGTH


class GroupContact(Struct, frozen=True):
    """The national group that a school can ask, and the lines of its address; none if it has entered none."""

    name: str
    lines: list[str]

    def emails(self) -> frozenset[str]:
        """Return the lines that are an email address and nothing else."""
        return frozenset(filter(is_email, self.lines))


def lines_of(address: str) -> list[str]:
    """Return an address line by line."""
    return [line.strip() for line in address.splitlines() if line.strip()]


# In characters: what still prints well below a certificate's signature line and in a letterhead.
SIGNATORY_MOST = 80
ADDRESS_LINES, ADDRESS_LINE_MOST = 5, 80


def letterhead_problems(text: LetterheadText) -> list[Problem]:
    """List what is wrong with a letterhead: a name needs a job title, an address is a few short lines."""
    problems = []
    if text.signatory_name and not text.signatory_office:
        message = N_("Also enter the job title of the person who signs.")
        problems.append(Problem("signatory_office", message))
    if text.signatory_office and not text.signatory_name:
        message = N_("Also enter the name of the person who signs.")
        problems.append(Problem("signatory_name", message))
    too_long = any(len(line) > ADDRESS_LINE_MOST for line in text.lines)
    if len(text.lines) > ADDRESS_LINES or too_long:
        message = N_("Use up to %(lines)s lines of up to %(letters)s characters each.")
        values = {"lines": ADDRESS_LINES, "letters": ADDRESS_LINE_MOST}
        problems.append(Problem("address", message, values))
    return problems


def logo_key(sha256: str) -> str:
    """Return where the store keeps the logo with this hash."""
    return f"logos/{sha256}.png"


class Progress(StrEnum):
    """How far a school has got towards its next certificate; each school is at exactly one stage."""

    REGISTERED = "registered"
    IN_TRAINING = "in_training"
    TRAINED = "trained"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"


class Standing(StrEnum):
    """What the newest certificate of a school says today."""

    NONE = "none"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class KeptKind(StrEnum):
    """The kinds of figures that are computed daily and stored for large groups."""

    STATISTICS = "statistics"
    TOOLKIT = "toolkit"
    CALIBRATION = "calibration"
    RESULTS = "results"
    ANSWERS = "answers"
    ACCOUNTS = "accounts"


# Figures of a group of at most this many schools are computed per reader; those of larger ones are stored.
LARGE_GROUP = 500


class Figure(StrEnum):
    """What is counted per region."""

    SCHOOLS = "schools"
    REGISTERED = "registered"
    IN_TRAINING = "in_training"
    TRAINED = "trained"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"
    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


PROGRESS_NAMES = {
    Progress.REGISTERED: N_("Registered"),
    Progress.IN_TRAINING: N_("In training"),
    Progress.TRAINED: N_("Trained, preparing the application"),
    Progress.SUBMITTED: N_("Submitted"),
    Progress.IN_REVIEW: N_("In review"),
    Progress.CHANGES_REQUESTED: N_("Changes requested"),
    Progress.DECIDED: N_("Decided"),
}

STANDING_NAMES = {
    Standing.NONE: N_("No certificate"),
    Standing.VALID: N_("Valid"),
    Standing.EXPIRING: N_("Expiring"),
    Standing.EXPIRED: N_("Expired"),
    Standing.SUSPENDED: N_("Suspended"),
    Standing.WITHDRAWN: N_("Withdrawn"),
}

IN_FORCE = frozenset({Standing.VALID, Standing.EXPIRING})


def standing_on(
    standing: Standing, valid_until_on: date, today: date, expiring_days: int
) -> Standing:
    """Return what a school's standing is today, where daily work has not yet moved it; the last day still counts."""
    if standing not in IN_FORCE:
        return standing
    if valid_until_on < today:
        return Standing.EXPIRED
    is_near = valid_until_on <= today + timedelta(days=expiring_days)
    return Standing.EXPIRING if is_near else standing


# The application is with the national group: the school waits for an answer.
WITH_GROUP = frozenset({Progress.SUBMITTED, Progress.IN_REVIEW})


def answers_count_from(
    standing: Standing, valid_until_on: date | None, grace_days: int, today: date
) -> date | None:
    """Return the date from which an answer counts for the next application; None if every one counts.

    For `grace_days` after its last day an expired certificate may be renewed with the existing answers.
    After that the school starts again and answers each criterion afresh.
    """
    if standing is not Standing.EXPIRED or valid_until_on is None:
        return None
    anew_on = valid_until_on + timedelta(days=grace_days + 1)
    return anew_on if today >= anew_on else None


def figures_of(progress: Progress, standing: Standing, level: int | None) -> frozenset[Figure]:
    """List the figures in which a school with these facts is counted.

    Every school counts once as a school and once by progress. One with a certificate in force counts
    by its level, and as expiring too in the last 90 days; otherwise as expired, suspended or withdrawn.
    """
    counted = {Figure.SCHOOLS, Figure(progress.value)}
    if standing in IN_FORCE:
        counted.add(Figure(f"level_{level}"))
    if standing not in {Standing.NONE, Standing.VALID}:
        counted.add(Figure(standing.value))
    return frozenset(counted)


SEARCH_WORDS = 6


def search_words(text: str) -> list[str]:
    """Split the text of a search box into words; any after the sixth are ignored."""
    return text.split()[:SEARCH_WORDS]


def like_patterns(word: str) -> list[str]:
    r"""Return the LIKE patterns that find a word anywhere, with `\` before every wildcard.

    A database may ignore case for ASCII characters only, so the usual spellings are tried.
    """
    return [f"%{escape_like(one)}%" for one in spellings(word)]


def spellings(word: str) -> list[str]:
    """Return a word's spellings to search for: case variants too unless it is ASCII, as databases differ."""
    return (
        [word]
        if word.isascii()
        else list(dict.fromkeys([word, word.lower(), word.upper(), word.capitalize()]))
    )


def escape_like(text: str) -> str:
    r"""Escape `%`, `_` and `\` in a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
