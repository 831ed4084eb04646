"""What the pages of drills say, in the page's language."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.drills.queries import ListedDrill, result_of
from cissapp.prepare.drills.rules import CHOICES, STATE_NAMES, STEP_NAMES, DrillState, ResponseStep
from cissapp.prepare.drills.rules.messages import write_message
from cissapp.prepare.drills.rules.results import DrillResult, to_mend, went_well
from cissapp.prepare.mechanism.rules import MEDIUM_NAMES

STATE_KINDS = {
    DrillState.PREPARED: "info",
    DrillState.RUNNING: "info",
    DrillState.FINISHED: "ok",
    DrillState.NO_ANSWER: "warn",
    DrillState.CALLED_OFF: "none",
}

HOW_TO_DELIVER = {
    "conversation": N_("Tell the person whose job title is given, in person."),
    "box": N_("Put it in the box on a sheet of paper."),
    "mail": N_("It was sent by email when the drill started."),
    "phone": N_("Call the number and say it."),
    "form": N_("Enter it in the form."),
    "poster": N_("Scan the code on the poster, and send it from there."),
}


class DrillRow(Struct, frozen=True):
    """A label and its value."""

    label: str
    value: str


class ShownResult(Struct, frozen=True):
    """A result in words, with its table of minutes."""

    kind: str
    title: str
    rows: list[DrillRow]
    minutes: list[list[str]]
    went_well: list[str]
    to_mend: list[str]


class ShownDrill(Struct, frozen=True):
    """A drill as a page shows it."""

    drill: Drill
    title: str
    kind: str
    state: str
    rows: list[DrillRow]
    message: str
    how: str
    steps: list[list[str]]
    result: ShownResult | None


def minutes(value: int | None) -> str:
    """Write working minutes as people count them."""
    if value is None:
        return "–"
    hours, left = divmod(value, 60)
    short = str(ngettext("%(num)d minute", "%(num)d minutes", left if hours else value))
    if not hours:
        return short
    return f"{ngettext('%(num)d hour', '%(num)d hours', hours)} {short}"


def shown_result(found: DrillResult) -> ShownResult:
    """Render a result with its table of minutes."""
    titles = {
        (True, True): ("ok", _("Answered in time")),
        (True, False): ("warn", _("Answered, but late")),
        (False, False): ("warn", _("No answer in ten working days")),
    }
    kind, title = titles[found.answered, found.in_time]
    return ShownResult(
        kind,
        title,
        [
            DrillRow(_("Way to report"), _(MEDIUM_NAMES[found.medium])),
            DrillRow(_("Announced"), _yes(found.announced)),
            DrillRow(_("Ended"), filters.day(found.finished_on)),
            DrillRow(_("Reached the right person"), _yes(found.right_person)),
            DrillRow(_("Right next step"), _yes(found.right_step)),
            DrillRow(_("Within the time limits"), _yes(found.in_time)),
        ],
        [[_(STEP_NAMES[step]), minutes(found.minutes(step))] for step in ResponseStep],
        [_(one) for one in went_well(found)],
        [_(one) for one in to_mend(found)],
    )


def _yes(value: bool | None) -> str:  # noqa: FBT001 -- the value is what is written
    if value is None:
        return "–"
    return str(_("Yes") if value else _("No"))


def shown_drill(row: Drill, offices: dict[str, str]) -> ShownDrill:
    """Render a drill; `offices` names the declared people by id."""
    return ShownDrill(
        drill=row,
        title=_("Drill %(code)s", code=row.code),
        kind=STATE_KINDS[row.state],
        state=_(STATE_NAMES[row.state]),
        rows=_rows(row),
        message=write_message(row.template, row.language, row.code),
        how=_(HOW_TO_DELIVER[row.medium.value]),
        steps=[
            [
                _(STEP_NAMES[one.step]),
                filters.moment(one.happened_at),
                filters.moment(one.noted_at),
                _chosen(one.choice, offices.get(str(one.person_id))),
            ]
            for one in row.steps
        ],
        result=shown_result(result_of(row.result)) if row.result else None,
    )


def _chosen(choice: object, office: str | None) -> str:
    found = next((name for one, name in CHOICES.items() if one is choice), None)
    return _(found) if found else office or ""


def _rows(row: Drill) -> list[DrillRow]:
    return [
        DrillRow(_("School"), row.school.name),
        DrillRow(_("Way to report"), f"{_(MEDIUM_NAMES[row.medium])}: {row.address}"),
        DrillRow(_("Announced"), _yes(row.announced)),
        DrillRow(_("Started"), filters.moment(row.started_at)),
        DrillRow(_("Delivered"), _moment(row.delivered_at)),
        DrillRow(_("Code entered by the school"), _moment(row.found_at)),
    ]


def _moment(value: datetime | None) -> str:
    return filters.moment(value) if value else "–"


def drill_lines(rows: Sequence[ListedDrill]) -> list[dict[str, str]]:
    """Render drills as lines of a list for the group."""
    return [_line(row) for row in rows]


def _line(row: ListedDrill) -> dict[str, str]:
    kind, state = STATE_KINDS[row.state], _(STATE_NAMES[row.state])
    if row.state is DrillState.FINISHED and row.in_time is False:
        kind, state = "warn", _("Answered, but late")
    return {
        "label": f"{row.code} · {row.school_name}",
        "href": url_for("drills.show", drill_id=row.id),
        "kind": kind,
        "state": state,
        "detail": f"{_(MEDIUM_NAMES[row.medium])}{BETWEEN_FACTS}{filters.moment(row.started_at)}",
    }
