"""What a lesson's activity makes for the application, in words: where it goes, and whether it is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from cissapp.foundation.content.schema import LessonPiece, LessonPlan
from cissapp.prepare.applications.rules.pieces import MadePieces, is_made


@dataclass(frozen=True)
class ShownPiece:
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
    text, label = _words(plan.piece, plan.criteria, made, there=there)
    return ShownPiece(there, text, _href(plan, made, there=there), label)


def _words(
    piece: LessonPiece, criteria: Sequence[str], made: MadePieces, *, there: bool
) -> tuple[str, str]:
    once = _("This is part of your application: what you make here is asked once.")
    names = ", ".join(criteria)
    shown = ", ".join(one for one in criteria if one in made.shown)
    match piece:
        case LessonPiece.POLICY:
            todo = _("Upload it as your safety policy")
            done = _("Your safety policy is there."), _("See your documents")
        case LessonPiece.WAYS:
            todo = _("Enter it as your ways to report")
            done = _("Your ways to report are there."), _("See your ways to report")
        case LessonPiece.ESCALATION:
            todo = _("Enter it as the bodies that you call")
            done = _("The bodies that you call are there."), _("See the bodies that you call")
        case LessonPiece.DOCUMENT:
            todo = _("Upload it as a document for %(criteria)s", criteria=names)
            done = (
                _("A document for %(criteria)s is there.", criteria=shown),
                _("See your documents"),
            )
        case LessonPiece.ASSESSMENT:
            todo = _("Enter it in the self-assessment: %(criteria)s", criteria=names)
            done = (
                _("Your self-assessment has a level for %(criteria)s.", criteria=names),
                _("See the self-assessment"),
            )
    return done if there else (once, todo)


def _href(plan: LessonPlan, made: MadePieces, *, there: bool) -> str:
    match plan.piece:
        case LessonPiece.WAYS:
            return url_for("mechanism.entries", part="channels")
        case LessonPiece.ESCALATION:
            return url_for("mechanism.entries", part="escalation")
        case LessonPiece.ASSESSMENT if there:
            return url_for("assessment.self_assessment")
        case LessonPiece.ASSESSMENT:
            first = next(one for one in plan.criteria if one not in made.scored)
            return url_for("assessment.criterion", criterion_id=first)
        case _:
            return url_for("documents.documents" if there else "documents.add_document")
