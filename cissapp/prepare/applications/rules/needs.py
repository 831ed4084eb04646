"""What the steps of an application need: the facts, and the reasons why a step may not be taken."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, field

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.accounts.rules import Duty


class MissingItem(Struct, frozen=True):
    """An item that an application lacks: its kind, a sentence with its values, and where to fix it."""

    kind: str
    message: str
    link: tuple[str, dict[str, Any]]
    values: dict[str, Any] = field(default_factory=dict)


class ApplicationCourse(Struct, frozen=True):
    """The history of an application; `completeness_checked` means that the round needs no check (any more).

    `returned`: a completeness check sent a round back; `question_asked`: a reviewer asked the school;
    `rounds_left`: the number of rounds that may follow this one.
    """

    completeness_checked: bool = False
    returned: bool = False
    question_asked: bool = False
    rounds_left: int = 0


class ApplicationFacts(Struct, frozen=True):
    """What the rules need to know of a school, as plain values."""

    training_left: Sequence[MissingItem] = ()
    documents_left: Sequence[MissingItem] = ()
    mechanism_left: Sequence[MissingItem] = ()
    criteria_left: Sequence[MissingItem] = ()
    statement_signed: bool = False
    signed_as: Duty | None = None
    course: ApplicationCourse = ApplicationCourse()
    calibration: bool = False

    @property
    def missing(self) -> list[MissingItem]:
        """Everything that the application still lacks, in the order of the stages."""
        return [
            *self.training_left,
            *self.documents_left,
            *self.mechanism_left,
            *self.criteria_left,
        ]


# Who may sign for the school.
SIGNING_DUTIES = frozenset({Duty.HEAD, Duty.DEPUTY})

Requirement = Callable[[ApplicationFacts], list[Problem]]


def problems_of(code: str, missing: Sequence[MissingItem]) -> list[Problem]:
    """Turn what is missing into problems, each with its link."""
    return [Problem(f"{code}:{one.kind}", one.message, one.values, one.link) for one in missing]


def training_done(facts: ApplicationFacts) -> list[Problem]:
    """Require all five modules to be passed by the head or a deputy and by the designated person (gate T)."""
    return problems_of("training", facts.training_left)


def documents_uploaded(facts: ApplicationFacts) -> list[Problem]:
    """Require at least one policy document."""
    return problems_of("documents", facts.documents_left)


def mechanism_described(facts: ApplicationFacts) -> list[Problem]:
    """Require each part of the reporting mechanism."""
    return problems_of("mechanism", facts.mechanism_left)


def criteria_answered(facts: ApplicationFacts) -> list[Problem]:
    """Require each open criterion to be complete: a level, evidence, and a text where one is needed."""
    return problems_of("criteria", facts.criteria_left)


def statement_signed(facts: ApplicationFacts) -> list[Problem]:
    """Require the statement, signed by the head or a deputy: true, no child data, will accept a visit."""
    found = []
    if not facts.statement_signed:
        found.append(Problem("statement", N_("Confirm the statement before you submit.")))
    if facts.signed_as not in SIGNING_DUTIES:
        found.append(
            Problem(
                "statement",
                N_(
                    "The head or a deputy head signs the statement. Ask one of them to submit the application."
                ),
            )
        )
    return found


def completeness_confirmed(facts: ApplicationFacts) -> list[Problem]:
    """Require a passed completeness check, where the round needs one (programme rule 5.2)."""
    if facts.course.completeness_checked:
        return []
    message = N_("Someone must first check that the application is complete and readable.")
    return [Problem("sift", message)]


def completeness_unchecked(facts: ApplicationFacts) -> list[Problem]:
    """Require a round whose completeness check is pending, in an application that never came back."""
    if facts.course.completeness_checked:
        return [Problem("sift", N_("This round has already been checked."))]
    if facts.course.returned:
        message = N_(
            "It has already been sent back once. Pass it this time. The review will say what is missing."
        )
        return [Problem("sift", message)]
    return []


def not_asked(facts: ApplicationFacts) -> list[Problem]:
    """Require an application in which the school was not asked yet (programme rule 5.2: once)."""
    if not facts.course.question_asked:
        return []
    return [Problem("question", N_("The school has already been asked once. That is the limit."))]


def dealt_for_calibration(facts: ApplicationFacts) -> list[Problem]:
    """Require an invented application that was assigned to one person for calibration."""
    if facts.calibration:
        return []
    return [Problem("state", N_("A school’s case ends with a decision."))]


def round_left(facts: ApplicationFacts) -> list[Problem]:
    """Require that another round may follow."""
    if facts.course.rounds_left > 0:
        return []
    message = N_(
        "This was the last round. The only possible decisions now are “certified” or “major gaps”."
    )
    return [Problem("outcome", message)]
