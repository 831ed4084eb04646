"""True answers that fall short of level 2: the clause is printed, but its element is not covered."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.core.errors import N_
from cissapp.prepare.mechanism.rules.checks import MechanismCheck, Severity
from cissapp.prepare.policy.rules.answers import Answers, number_of
from cissapp.prepare.policy.rules.signs import holds_sign


class Shortfall(Struct, frozen=True):
    """An element that is not covered because of a question or value; the message and its values."""

    element: str
    question: str
    message: str
    values: Mapping[str, int]


# The element, the question for the count, the question for the total, and the message.
WHOLE_COUNTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "A7.signed",
        "adults_signed",
        "adults_total",
        N_("Level 2 asks for all adults to have signed the code: %(some)s of %(every)s have."),
    ),
    (
        "A8.counts",
        "adults_checked",
        "adults_total",
        N_("Level 2 asks for all adults to have been checked: %(some)s of %(every)s were."),
    ),
)


def shortfalls(answers: Answers) -> list[Shortfall]:
    """List the elements that an answer keeps from being covered."""
    found = []
    for element, part, whole, message in WHOLE_COUNTS:
        some, every = number_of(answers.get(part)), number_of(answers.get(whole))
        if some is not None and every is not None and some < every:
            found.append(Shortfall(element, part, message, {"some": some, "every": every}))
    tools = answers.get("tools")
    if tools and not re.search(r"\d", tools[0]):
        message = N_("Level 2 asks for the age from which each tool is used.")
        found.append(Shortfall("A12.ages", "tools", message, {}))
    return found


# The outside bodies whose numbers level 2 of criterion B8 requires.
BODIES = (
    "B8.police",
    "B8.child_protection",
    "B8.helpline",
    "B8.hotline",
    "B8.health",
    "B8.education",
)
# The body that a checked service of the country stands for, by its kind.
BODY_OF_KIND = {"police": "B8.police", "helpline": "B8.helpline", "hotline": "B8.hotline"}


def missing_bodies(
    library: Toolkit, named: Sequence[str], kinds: Collection[str]
) -> list[Shortfall]:
    """List the bodies whose number the policy lacks; `kinds` are those of the country's printed services.

    A name that matches no body may be any of them, so each such name counts as one.
    """
    asked = [one for one in BODIES if one in library.elements]
    held = {one: [body for body in asked if _names(library, body, one)] for one in named}
    known = {body for bodies in held.values() for body in bodies}
    known |= {BODY_OF_KIND[one] for one in kinds if one in BODY_OF_KIND}
    missing = [one for one in asked if one not in known]
    unclear = sum(not bodies for bodies in held.values())
    if len(missing) <= unclear:
        return []
    message = N_(
        "Level 2 asks for the numbers of the police, child protection authority, helpline, hotline, health service and education authority: %(some)s of %(every)s are in your lists."
    )
    values = {"some": len(asked) - len(missing), "every": len(asked)}
    return [Shortfall(one, "escalation", message, values) for one in missing]


def _names(library: Toolkit, element_id: str, name: str) -> bool:
    """Check whether a name is that of a body, in any language, as schools name bodies in various ones."""
    return any(holds_sign(name, words.signs) for words in library.elements[element_id].values())


# Elements that a problem of the reporting mechanism keeps uncovered, by prefix of the check's id.
SHORT_BY_CHECK = {
    "persons.trained": "B1.two_adults",
    "persons.only-head": "B10.separate_way",
    "channels.number": "B2.in_person",
    "channels.in-person": "B2.in_person",
    "channels.without-speaking": "B2.without_speaking",
    "channels.outside": "B2.outside",
    "channels.holidays": "B2.holidays",
    "escalation": "B8.numbers",
    "limits.none": "B7.crime",
    "limits.crime": "B7.crime",
    "limits.answer": "B7.answer",
    "limits.plan": "B7.plan",
    "rules.none": "B4.who_learns",
    "rules.confidentiality": "B4.who_learns",
    "rules.no_retaliation": "B5.good_faith",
    "rules.about_staff": "B10.separate_way",
    "rules.evidence_rule": "B9.never",
    "rules.never_handles_images": "B9.never",
    "rules.keeps-pictures": "B9.never",
    "about.head": "B10.separate_way",
    "about.person": "B1.about_them",
}


def short_elements(checks: Iterable[MechanismCheck]) -> set[str]:
    """Return the elements that are not covered while the mechanism could not be submitted."""
    stopping = [one for one in checks if one.severity is Severity.STOPS]
    return {
        element
        for check in stopping
        for start, element in SHORT_BY_CHECK.items()
        if check.id.startswith(start)
    }
