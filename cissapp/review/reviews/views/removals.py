"""The page that removes a part of a case permanently."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards.forms import RemovalForm
from cissapp.foundation.safeguards.queries import removals_of
from cissapp.foundation.safeguards.rules import REASON_NAMES
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.help_lines import services_in
from cissapp.prepare.applications.models import Application
from cissapp.review.discussions.queries import readable_comments
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries
from cissapp.review.reviews.services.removals import (
    RemovableKind,
    RemovablePart,
    removable_parts,
    remove_part,
)
from cissapp.review.reviews.views.blueprint import bp, case_of
from cissapp.review.reviews.views.comments import reader_of


@bp.route("/reviews/<uuid:application_id>/remove", methods=["GET", "POST"])
@permit(Permission.CONTENTS_REMOVE, of=queries.application)
@requires_no_conflict
def take_out(application: Application) -> ResponseReturnValue:
    """Remove a part for a reason, and notify the school."""
    comments = readable_comments(application.id, reader_of(case_of(application)))
    parts = {one.code: one for one in removable_parts(application, comments)}
    form = RemovalForm(data={"part": request.args.get("part", "")})
    form.ask([(code, name_of(one)) for code, one in parts.items()])
    if form.validate_on_submit():
        with form.catch_refusals():
            _remove(application, parts, form)
            flash(_("It has been removed. The school was told."), "success")
            return redirect(url_for("reviews.show", application_id=application.id))
    return answer(
        "reviews/remove.html",
        form,
        application=application,
        removed=removals_of(application.school_id),
        reasons=REASON_NAMES,
        of_country=services_in(application.school.country_code, languages.current()),
    )


def _remove(application: Application, parts: dict[str, RemovablePart], form: RemovalForm) -> None:
    code, reason, title_too = form.given()
    if code not in parts:
        raise Missing
    remove_part(
        application,
        parts[code],
        reason=reason,
        title_too=title_too,
        store=files(),
        by=actor(),
        at=clock.now(),
    )


def name_of(part: RemovablePart) -> str:
    """Render what a part is, in the language of the page."""
    names = {
        RemovableKind.VERSION: _("Document: %(label)s", label=part.label),
        RemovableKind.SCORE: _("What the school wrote on criterion %(label)s", label=part.label),
        RemovableKind.RULE: _(
            "A text from the reporting mechanism: %(label)s", label=_rule(part.key)
        ),
        RemovableKind.ENTRY: _(
            "An entry from the reporting mechanism: %(label)s", label=part.label
        ),
        RemovableKind.COMMENT: _("A comment: %(label)s", label=part.label),
    }
    return str(names[part.holder])


def _rule(key: str) -> str:
    names = {
        "confidentiality": _("Who learns of a report"),
        "no_retaliation": _("Nobody is punished for reporting"),
        "about_staff": _("Reports about staff or about the head"),
        "evidence_rule": _("Evidence, and sexual images of children"),
        "out_of_hours": _("Out of hours"),
        "holiday_cover": _("In the holidays"),
        "parents_contact": _("For parents"),
    }
    return str(names.get(key, key))
