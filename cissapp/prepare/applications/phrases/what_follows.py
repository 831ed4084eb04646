"""What happens after a submission: which step follows, who takes it, and until when."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.content.schema import Process
from cissapp.foundation.web import filters
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.phrases.stages import StatusRow
from cissapp.prepare.applications.rules import ApplicationState

CHECK, REVIEW, DECISION = range(1, 4)


def what_follows(
    application: Application | None, deadlines: Sequence[Deadline], process: Process
) -> list[StatusRow]:
    """List the steps of an application that is with the national group; none for any other."""
    if application is None or application.state not in {
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
    }:
        return []
    due = {one.kind: one for one in deadlines if one.subject_id == application.id}
    now = _now(application, due.keys())
    on = next((one for one in (due.get(kind) for kind in ORDER) if one), None)
    by = str(_("by %(day)s at the latest", day=filters.day(on.due_on))) if on else None
    return [_row(place, now, by, *words) for place, words in enumerate(_steps(process))]


ORDER = (DeadlineKind.DECISION, DeadlineKind.REVIEW, DeadlineKind.COMPLETENESS_CHECK)


def _now(application: Application, open_kinds: Collection[DeadlineKind]) -> int:
    """Return the step that is under way; a second review counts as the same step as the first."""
    if DeadlineKind.DECISION in open_kinds:
        return DECISION
    if application.state is ApplicationState.IN_REVIEW or DeadlineKind.REVIEW in open_kinds:
        return REVIEW
    return CHECK


def _steps(process: Process) -> list[tuple[str, str]]:
    """Return the label of each step, with who takes it and in how many working days."""
    return [
        (_("Submitted"), _("Your school has done its part. You cannot change anything now.")),
        (
            _("Completeness check"),
            ngettext(
                "Someone in the national group checks that everything is there and readable: %(num)d working day at most.",
                "Someone in the national group checks that everything is there and readable: %(num)d working days at most.",
                process.sift_days,
            ),
        ),
        (
            _("Review"),
            ngettext(
                "Someone in the national group scores every criterion: %(num)d working day at most.",
                "Someone in the national group scores every criterion: %(num)d working days at most.",
                process.review_days,
            ),
        ),
        (
            _("Decision"),
            ngettext(
                "Another person in the group decides: %(num)d working day at most.",
                "Another person in the group decides: %(num)d working days at most.",
                process.decide_days,
            ),
        ),
        (
            _("You get the answer"),
            _(
                "You get an email with the certificate, or with what you still need to change and by when."
            ),
        ),
    ]


def _row(place: int, now: int, by: str | None, label: str, detail: str) -> StatusRow:
    if place < now:
        return StatusRow(label, None, "ok", _("Done"), detail)
    if place > now:
        return StatusRow(label, None, "none", _("Not yet"), detail)
    return StatusRow(label, None, "info", by or _("Under way"), detail)
