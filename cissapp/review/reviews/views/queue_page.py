"""What the queue page shows: the next case, the counts, the lines."""

from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.access.guard import has
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.open_points import open_points
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages, regions
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.people.schools.queries import countries_with_schools, own_group
from cissapp.prepare.applications.rules import STATE_NAMES
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.independence import queries as independence
from cissapp.review.independence.rules import CASE_ROLE_NAMES
from cissapp.review.reviews.queries import Queue, QueueRow, regions_under_way
from cissapp.review.reviews.rules.waiting import WAITING_FOR_NAMES, QueueKey
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.views.page_parts import CriterionLine, due_text, state_of

TO_DO = {
    Work.CHECK_COMPLETENESS: N_("Check that the application is complete and readable"),
    Work.START: N_("Begin the review"),
    Work.START_SECOND: N_("Begin a second review"),
    Work.START_THIRD: N_("Look at the criteria where two reviews differ"),
    Work.SCORE: N_("Continue your review"),
    Work.DECIDE: N_("Decide on the recommendation"),
}
DECLARE = N_("First declare whether you have a conflict of interest")


class NextCase(Struct, frozen=True):
    """What a person does next: which school, what to do, and by when."""

    school: str
    what: str
    detail: str
    href: str


class WaitingCount(Struct, frozen=True):
    """How many applications wait for something, and how many of them are overdue."""

    label: str
    number: int
    overdue: int


def next_case(found: Queue) -> NextCase | None:
    """Return what the person does next; None if nothing waits."""
    row = found.next
    if row is None:
        return None
    what = _(TO_DO[row.work]) if row.has_conflict is not None else _(DECLARE)
    return NextCase(row.school, what, _time(row), url_for("reviews.show", application_id=row.id))


def handed_back(person: Actor) -> int:
    """Count the tasks that wait for this person to give them to somebody else."""
    may_assign = has(person, Permission.APPLICATION_ASSIGN)
    return independence.tasks_handed_back(person) if may_assign else 0


def points_to_confirm(person: Actor) -> int | None:
    """Count the points that the group's countries must still confirm; None if the person may not see them."""
    own = own_group(person) if has(person, Permission.OPEN_POINTS_READ) else None
    if own is None:
        return None
    packs, language = content().countries, languages.current()
    codes = [code for code in own.group.country_codes if code in packs]
    return sum(open_points(content(), packs[code], language).total for code in codes)


def registers_first_school(person: Actor) -> bool:
    """Check whether the person registers schools, and the group has none yet: its queue stays empty until then."""
    own = own_group(person) if has(person, Permission.SCHOOL_REGISTER) else None
    return own is not None and not countries_with_schools(own.group.id)


def state_counts(found: Queue) -> list[tuple[str, int, str]]:
    """Return name, number and address of each state."""
    return [
        (
            _(STATE_NAMES[state]),
            number,
            url_for("reviews.decided")
            if state is ApplicationState.DECIDED
            else url_for("reviews.queue", state=state.value),
        )
        for state, number in found.states.items()
    ]


def waiting_counts(found: Queue) -> list[WaitingCount]:
    """Count the applications by what they wait for."""
    return [
        WaitingCount(_(WAITING_FOR_NAMES[one]), *numbers) for one, numbers in found.waits.items()
    ]


def region_choices(person: Actor, chosen: str | None) -> list[tuple[str, str]]:
    """List the regions in which something is under way, to filter by; if these are very many, all upper ones."""
    codes, own = regions_under_way(person, regions.MOST_OFFERED), own_group(person)
    of_group = own.group.country_codes if own else []
    packs = [
        pack
        for code, pack in content().countries.items()
        if code in of_group and (codes is None or not pack.regions.keys().isdisjoint(codes))
    ]
    return regions.filter_choices(packs, languages.current(), chosen, within=codes)


def href(search: dict[str, str], after: QueueKey | None = None) -> str:
    """Return the address of the list with the same filter, from its start or after a place."""
    place = {"after": after.written()} if after else {}
    return f"{url_for('reviews.queue')}?{urlencode({**search, **place})}"


def queue_lines(rows: list[QueueRow]) -> list[CriterionLine]:
    """Render applications: which school, where, which round, how long it has waited, when it is due."""
    return [_line(row) for row in rows]


def _line(row: QueueRow) -> CriterionLine:
    details = [
        *([state_of(row, row.waits)[1]] if row.overdue else []),
        content().region_place(row.region_code, languages.current()),
        _("round %(round)s", round=row.round),
        _("submitted %(day)s", day=day(row.submitted_at)),
    ]
    if row.state is not ApplicationState.DECIDED:
        details.append(ngettext("%(num)d working day old", "%(num)d working days old", row.age))
        details.append(_time(row))
    if row.role is not None:
        details.append(_("your task: %(task)s", task=_(CASE_ROLE_NAMES[row.role])))
    if row.reviewers:
        details.append(_("reviewed by %(names)s", names=", ".join(row.reviewers)))
    if row.has_conflict:
        details.append(_("you declared a conflict of interest"))
    kind, state = _state(row)
    href = url_for("reviews.show", application_id=row.id)
    return CriterionLine(
        row.school, href, kind, state, BETWEEN_FACTS.join(one for one in details if one)
    )


def _state(row: QueueRow) -> tuple[str, str]:
    """Return the kind and the label beside a line; overdue takes precedence."""
    if row.overdue:
        return "warn", _("Overdue")
    return state_of(row, row.waits)


def _time(row: QueueRow) -> str:
    """Render when the case is due, relative to today; empty without a due date."""
    if row.due is None:
        return ""
    return due_text(row.due.due_on, row.today)
