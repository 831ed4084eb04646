"""The piece of the application that a lesson's activity makes, in words: where it goes, if it exists."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.schema import LessonPiece, LessonPlan
from cissapp.prepare.applications.rules.pieces import MadePieces, is_made


class ShownPiece(Struct, frozen=True):
    """A piece of the application beside the activity that makes it."""

    made: bool
    text: str
    href: str
    label: str


def shown_piece(plan: LessonPlan, made: MadePieces) -> ShownPiece | None:
    """Render the piece of a lesson's activity; None where it makes none."""
    if plan.piece is None:
        return None
    there = is_made(plan.piece, plan.criteria, made)
    if there:
        text, label = _made(plan.piece, plan.criteria, made)
    else:
        text = _("This is part of your application. You only enter it once.")
        label = _to_make(plan.piece, plan.criteria)
    return ShownPiece(there, text, _href(plan, made, there=there), label)


def _to_make(piece: LessonPiece, criteria: Sequence[str]) -> str:
    names = ", ".join(criteria)
    match piece:
        case LessonPiece.POLICY:
            return str(_("Draft your safety policy, or upload it"))
        case LessonPiece.WAYS:
            return str(_("Enter it as your ways to report"))
        case LessonPiece.ESCALATION:
            return str(_("Enter it under the organisations you call"))
        case LessonPiece.DOCUMENT:
            return str(_("Upload it as a document for %(criteria)s", criteria=names))
        case LessonPiece.ASSESSMENT:
            return str(_("Enter it in the self-assessment: %(criteria)s", criteria=names))


def _made(piece: LessonPiece, criteria: Sequence[str], made: MadePieces) -> tuple[str, str]:
    match piece:
        case LessonPiece.POLICY:
            return _("You have added your safety policy."), _("See your documents")
        case LessonPiece.WAYS:
            return _("You have added your ways to report."), _("See your ways to report")
        case LessonPiece.ESCALATION:
            return _("You have added the organisations you call."), _(
                "See the organisations you call"
            )
        case LessonPiece.DOCUMENT:
            shown = ", ".join(one for one in criteria if one in made.shown)
            text = _("You have added a document for %(criteria)s.", criteria=shown)
            return text, _("See your documents")
        case LessonPiece.ASSESSMENT:
            names = ", ".join(criteria)
            text = _(
                "You have chosen a level for %(criteria)s in your self-assessment.", criteria=names
            )
            return text, _("See the self-assessment")


def _href(plan: LessonPlan, made: MadePieces, *, there: bool) -> str:
    match plan.piece:
        case LessonPiece.WAYS | LessonPiece.ESCALATION as piece:
            part = "channels" if piece is LessonPiece.WAYS else "escalation"
            return url_for("mechanism.entries", part=part)
        case LessonPiece.ASSESSMENT if there:
            return url_for("assessment.self_assessment")
        case LessonPiece.ASSESSMENT:
            first = next(one for one in plan.criteria if one not in made.scored)
            return url_for("assessment.criterion", criterion_id=first)
        case LessonPiece.POLICY if not there:
            return url_for("policy.studio")
        case _:
            return url_for("documents.documents" if there else "documents.add_document")
