"""A table of answers that contradict each other, or what the school has entered elsewhere.

A contradicted answer counts as unanswered until it is corrected, so that nothing wrong is printed.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.foundation.office.filling import Value
from cissapp.prepare.policy.rules.answers import NO, Answers, day_of, number_of

YEAR = timedelta(days=366)


class KnownOfSchool(Struct, frozen=True):
    """What the rules need besides the answers: today's date, the school's values, and who is trained.

    `two_trained` refers to people who take reports, the others to the modules of the programme.
    """

    today: date
    values: Mapping[str, Value]
    two_trained: bool = True
    designated_trained: bool = True
    deputy_trained: bool = True


class Contradiction(Struct, frozen=True):
    """Two statements that cannot both be true, reported at `name`: a question or a value of the school."""

    name: str
    message: str


Test = Callable[[Answers, KnownOfSchool], bool]


def _in_future(question: str) -> Test:
    def test(answers: Answers, known: KnownOfSchool) -> bool:
        day = day_of(answers.get(question))
        return day is not None and day > known.today

    return test


def _more_than_all_adults(part: str) -> Test:
    def test(answers: Answers, _known: KnownOfSchool) -> bool:
        some, every = number_of(answers.get(part)), number_of(answers.get("adults_total"))
        return some is not None and every is not None and some > every

    return test


def _review_before_adoption(answers: Answers, _known: KnownOfSchool) -> bool:
    adopted, review = day_of(answers.get("adopted_on")), day_of(answers.get("next_review"))
    return adopted is not None and review is not None and review <= adopted


def _review_too_late(answers: Answers, _known: KnownOfSchool) -> bool:
    adopted, review = day_of(answers.get("adopted_on")), day_of(answers.get("next_review"))
    return adopted is not None and review is not None and review - adopted > YEAR


def _review_is_over(answers: Answers, known: KnownOfSchool) -> bool:
    review = day_of(answers.get("next_review"))
    return review is not None and review < known.today


def _same_person(_answers: Answers, known: KnownOfSchool) -> bool:
    one, other = known.values.get("designated"), known.values.get("deputy")
    # The texts include job titles, so only the names are compared.
    return one is not None and other is not None and _names(one) == _names(other)


def _names(value: Value) -> list[str]:
    return sorted(value.facts.values()) or [value.text]


def _way_without_person(_answers: Answers, known: KnownOfSchool) -> bool:
    return "channels" in known.values and "people" not in known.values


def _fewer_than_two_trained(_answers: Answers, known: KnownOfSchool) -> bool:
    return "people" in known.values and not known.two_trained


def _training_without_person(answers: Answers, known: KnownOfSchool) -> bool:
    return bool(answers.get("trained_on")) and "designated" not in known.values


def _designated_untrained(answers: Answers, known: KnownOfSchool) -> bool:
    said = bool(answers.get("trained_on")) and "designated" in known.values
    return said and not known.designated_trained


def _deputy_untrained(answers: Answers, known: KnownOfSchool) -> bool:
    said = bool(answers.get("trained_on")) and "deputy" in known.values
    return said and not known.deputy_trained


def _denied_but_said(denied: str, said: str) -> Test:
    def test(answers: Answers, _known: KnownOfSchool) -> bool:
        return list(answers.get(denied, ())) == [NO] and bool(answers.get(said))

    return test


def _phones_at_home_but_used(answers: Answers, _known: KnownOfSchool) -> bool:
    return list(answers.get("phones", ())) == ["at_home"] and "own_phones" in answers.get(
        "devices", ()
    )


# The question or value where it is shown, the test, and the message beside the field.
CONTRADICTIONS: tuple[tuple[str, Test, str], ...] = (
    (
        "adopted_on",
        _in_future("adopted_on"),
        N_("This date is in the future. Enter the date on which the policy was adopted."),
    ),
    (
        "trained_on",
        _in_future("trained_on"),
        N_("This date is in the future. Enter the date on which the training was finished."),
    ),
    (
        "trained_on",
        _training_without_person,
        N_("There is a training date, but there is no designated person. Invite that person."),
    ),
    (
        "trained_on",
        _designated_untrained,
        N_(
            "The designated person has not passed all five modules yet. Leave the date empty until then."
        ),
    ),
    (
        "trained_on",
        _deputy_untrained,
        N_("The deputy has not finished the training yet. Leave the date empty until then."),
    ),
    (
        "next_review",
        _review_before_adoption,
        N_("The next review must be after the date on which the policy was adopted."),
    ),
    (
        "next_review",
        _review_too_late,
        N_("The policy is reviewed at least once a year. Choose an earlier date."),
    ),
    (
        "next_review",
        _review_is_over,
        N_("This date has passed. Choose the date of the next review."),
    ),
    (
        "adults_signed",
        _more_than_all_adults("adults_signed"),
        N_("More adults have signed than the total number of adults. Check both numbers."),
    ),
    (
        "adults_checked",
        _more_than_all_adults("adults_checked"),
        N_("More adults were checked than the total number of adults. Check both numbers."),
    ),
    (
        "phones",
        _phones_at_home_but_used,
        N_(
            "Phones stay at home, but pupils’ own phones are listed as devices. Change one of these answers."
        ),
    ),
    (
        "watched",
        _denied_but_said("network", "watched"),
        N_(
            "The school has no network, but something is monitored on it. Change one of these answers."
        ),
    ),
    (
        "tools",
        _denied_but_said("online_tools", "tools"),
        N_("The school uses no online tools, but some are named. Change one of these answers."),
    ),
    (
        "deputy",
        _same_person,
        N_("The deputy is the designated person. Name someone else as deputy."),
    ),
    (
        "channels",
        _way_without_person,
        N_("There are ways to report, but nobody to take reports. Name these people."),
    ),
    (
        "people",
        _fewer_than_two_trained,
        N_(
            "Fewer than two of the people who take reports are trained. Record who is trained, or train someone."
        ),
    ),
)


def contradictions(answers: Answers, known: KnownOfSchool) -> list[Contradiction]:
    """List the contradictions in the order of the table, at most one for each question or value."""
    found: dict[str, Contradiction] = {}
    for name, holds, message in CONTRADICTIONS:
        if name not in found and holds(answers, known):
            found[name] = Contradiction(name, message)
    return list(found.values())


def without_contradicted(
    values: Mapping[str, Value], found: list[Contradiction]
) -> dict[str, Value]:
    """Return the values without those that have a contradiction."""
    wrong = {one.name for one in found}
    return {name: value for name, value in values.items() if name not in wrong}
