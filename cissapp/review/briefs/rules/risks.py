"""The three points of an application to look at first, ordered by the size of the risk for a child."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_

SHOWN = 3
# A self-score text shorter than this hardly states who, what and when.
THIN_TEXT = 80
# A claim of the highest level with fewer documents than this counts as thin.
HIGHEST, CLAIM_DOCUMENTS = 3, 2
LEAST_WAYS, LEAST_TRAINED = 2, 2
EXPIRES_SOON = timedelta(days=90)
OLD_EVIDENCE = timedelta(days=3 * 365)


class Risk(StrEnum):
    """Reasons to look, in descending order of weight."""

    CRITICAL_LOW = "critical_low"
    DRILL_UNANSWERED = "drill_unanswered"
    ONE_WAY = "one_way"
    FEW_TRAINED = "few_trained"
    EXPIRED = "expired"
    CRITICAL_THIN = "critical_thin"
    DRILL_LATE = "drill_late"
    NO_HOLIDAYS = "no_holidays"
    OLD = "old"
    LOW = "low"
    EXPIRING = "expiring"
    CLAIM_THIN = "claim_thin"
    STAFF_UNREAD = "staff_unread"
    NO_DRILL = "no_drill"


SENTENCES = {
    Risk.CRITICAL_LOW: N_(
        "The school gives itself less than level 2 on critical criteria: %(what)s"
    ),
    Risk.DRILL_UNANSWERED: N_("The last drill was not fully answered."),
    Risk.ONE_WAY: N_("There is only one way to report, or none."),
    Risk.FEW_TRAINED: N_("Fewer than two trained people take reports."),
    Risk.EXPIRED: N_("No longer valid: %(what)s"),
    Risk.CRITICAL_THIN: N_("Little evidence for critical criteria: %(what)s"),
    Risk.DRILL_LATE: N_("The last drill was answered later than the programme allows."),
    Risk.NO_HOLIDAYS: N_("No way to report is available in the holidays."),
    Risk.OLD: N_("Older than three years: %(what)s"),
    Risk.LOW: N_("The school gives itself level 0: %(what)s"),
    Risk.EXPIRING: N_("Valid for less than 90 days: %(what)s"),
    Risk.CLAIM_THIN: N_("The school claims level 3 with one document or none: %(what)s"),
    Risk.STAFF_UNREAD: N_("Fewer than half of the staff say they have read the policy."),
    Risk.NO_DRILL: N_("The ways to report have never been tested in a drill."),
}


class Claim(Struct, frozen=True):
    """What the school claims for a criterion: level (None: not applicable), text length, document count."""

    criterion_id: str
    critical: bool
    level: int | None
    text_length: int
    documents: int


class DocumentDates(Struct, frozen=True):
    """A document and its dates, as far as the school entered them; `key` identifies the document."""

    key: str
    evidence_on: date | None = None
    expires_on: date | None = None


class MechanismCounts(Struct, frozen=True):
    """The reporting mechanism in numbers."""

    ways: int
    trained: int
    in_holidays: bool


class NewestDrill(Struct, frozen=True):
    """How the newest drill ended."""

    answered: bool
    in_time: bool


class RiskFacts(Struct, frozen=True):
    """What the rule looks at. `staff_share`: acknowledgements per member of staff, None if not counted."""

    claims: Sequence[Claim]
    papers: Sequence[DocumentDates]
    ways: MechanismCounts
    drill: NewestDrill | None
    staff_share: float | None
    today: date


class Point(Struct, frozen=True):
    """A point to look at: the risk, and the criteria or documents concerned, the weightiest first."""

    risk: Risk
    about: tuple[str, ...] = ()


def weightiest_points(facts: RiskFacts) -> list[Point]:
    """List the weightiest points to look at, at most one for each risk and at most three in all."""
    found = {risk: tuple(about) for risk, about in _risks(facts) if about is not None}
    points = [Point(risk, found[risk]) for risk in Risk if risk in found]
    return points[:SHOWN]


def _risks(facts: RiskFacts) -> Iterator[tuple[Risk, Iterable[str] | None]]:
    """Yield for each risk what it is about; None if it does not apply."""
    yield from _of_claims(facts.claims)
    yield from _of_papers(facts.papers, facts.today)
    ways, drill = facts.ways, facts.drill
    yield Risk.ONE_WAY, _if(ways.ways < LEAST_WAYS)
    yield Risk.FEW_TRAINED, _if(ways.trained < LEAST_TRAINED)
    yield Risk.NO_HOLIDAYS, _if(not ways.in_holidays)
    yield Risk.NO_DRILL, _if(drill is None)
    yield Risk.DRILL_UNANSWERED, _if(drill is not None and not drill.answered)
    yield Risk.DRILL_LATE, _if(drill is not None and drill.answered and not drill.in_time)
    yield Risk.STAFF_UNREAD, _if(facts.staff_share is not None and facts.staff_share < 1 / 2)


def _of_claims(claims: Sequence[Claim]) -> Iterator[tuple[Risk, list[str] | None]]:
    scored = [(one, one.level) for one in claims if one.level is not None]
    low = sorted(
        (level, place, one.criterion_id)
        for place, (one, level) in enumerate(scored)
        if one.critical and level < 2
    )
    yield Risk.CRITICAL_LOW, [key for _, _, key in low] or None
    thin = [one.criterion_id for one, level in scored if one.critical and level >= 2 and _thin(one)]
    yield Risk.CRITICAL_THIN, thin or None
    zero = [one.criterion_id for one, level in scored if not one.critical and level == 0]
    yield Risk.LOW, zero or None
    claimed = [
        one.criterion_id
        for one, level in scored
        if level == HIGHEST and one.documents < CLAIM_DOCUMENTS
    ]
    yield Risk.CLAIM_THIN, claimed or None


def _thin(claim: Claim) -> bool:
    return claim.documents == 0 or claim.text_length < THIN_TEXT


def _of_papers(
    papers: Sequence[DocumentDates], today: date
) -> Iterator[tuple[Risk, list[str] | None]]:
    ends = [(one.key, one.expires_on) for one in papers if one.expires_on is not None]
    yield Risk.EXPIRED, [key for key, on in ends if on < today] or None
    soon = [key for key, on in ends if today <= on < today + EXPIRES_SOON]
    yield Risk.EXPIRING, soon or None
    shown = [(one.key, one.evidence_on) for one in papers if one.evidence_on is not None]
    yield Risk.OLD, [key for key, on in shown if on < today - OLD_EVIDENCE] or None


def _if(applies: bool) -> tuple[str, ...] | None:  # noqa: FBT001 -- the answer is all there is
    return () if applies else None
