"""What a school sees: its rounds, the sheet with the code, the figures, the document made of them."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.paper import qr
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.help_lines import services_in
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.people.schools.queries import school as school_of
from cissapp.prepare.awareness import queries, services
from cissapp.prepare.awareness.figures.papers import draw_figures
from cissapp.prepare.awareness.figures.shown import (
    bars_of,
    counts_table,
    sentences_of,
    shares_table,
)
from cissapp.prepare.awareness.forms import RoundForm
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.phrases import ASKED_OF_PUPILS, KINDS
from cissapp.prepare.awareness.rules.rounds import LEAST_SHOWN, most_answers, written_code
from cissapp.prepare.awareness.views.blueprint import bp, link_of, with_pages
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.services import NewDocument, take_document

# The evidence code of survey totals.
SURVEY = "SURV"


@bp.get("/school/toolkit/awareness")
@permit(Permission.DOSSIER_READ, of=own_school)
def rounds(school: School) -> ResponseReturnValue:
    """List the rounds of a school."""
    return render_template(
        "awareness/rounds.html",
        rounds=queries.rounds(school.id),
        today=filters.today(),
        kinds=KINDS,
        least=LEAST_SHOWN,
    )


@bp.route("/school/toolkit/awareness/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def open_round(school: School) -> ResponseReturnValue:
    """Open a round."""
    form = RoundForm(earlier=queries.comparable(school.id))
    if form.validate_on_submit():
        with form.catch_refusals():
            asked = services.open_round(school, form.given(), by=actor(), at=clock.now())
            flash(_("The round is open. Show or print the sheet for the class."), "success")
            return redirect(url_for("awareness.show_round", round_id=asked.id))
    return answer("awareness/new.html", form)


@bp.get("/school/toolkit/awareness/<uuid:round_id>")
@permit(Permission.DOSSIER_READ, of=queries.awareness_round)
def show_round(asked: AwarenessRound) -> ResponseReturnValue:
    """Show a round: its code, how many answers came, and its figures once there are enough."""
    return _round_page(asked, Form())


def _round_page(asked: AwarenessRound, form: Form) -> ResponseReturnValue:
    today = filters.today()
    figures = queries.figures(asked, today)
    compared = queries.comparison(asked, figures, today) if figures else None
    return answer(
        "awareness/round.html",
        form,
        round=asked,
        is_over=asked.is_over(today),
        kind=_(KINDS[asked.kind]),
        code=written_code(asked.code),
        link=link_of(asked),
        least=LEAST_SHOWN,
        most=most_answers(asked.expected),
        figures=figures,
        compared=compared,
        sentences=sentences_of(asked, figures, compared) if figures else (),
        bars=bars_of(figures, compared) if figures else (),
        shares=shares_table(figures, compared) if figures else None,
        counts=counts_table(figures) if figures else None,
        can_document=is_open(document_queries.open_criteria(asked.school_id)),
    )


@bp.get("/school/toolkit/awareness/<uuid:round_id>/sheet")
@permit(Permission.DOSSIER_READ, of=queries.awareness_round)
def sheet(asked: AwarenessRound) -> ResponseReturnValue:
    """Show the sheet for a class in the languages of its pupils: to be printed, or held up."""
    found = queries.find_by_code(asked.code)
    if found is None:
        raise Missing
    texts = []
    for code in with_pages(found.languages):
        with force_locale(code):
            help_lines = services_in(found.school.country_code, code)
            texts.append({"code": code, "help_lines": help_lines, **_sheet_words()})
    return render_template(
        "awareness/sheet.html",
        round=asked,
        code=written_code(asked.code),
        link=link_of(asked),
        texts=texts,
        direction_of=languages.direction_of,
    )


def _sheet_words() -> dict[str, object]:
    return {
        "title": _("Four questions: do you know who to tell?"),
        "lines": [
            _("Point a phone camera at the square, or type the address."),
            _("Nobody sees who answered what. Do not write your name."),
            _("You do not have to answer."),
        ],
        "asked": [_(one) for one in ASKED_OF_PUPILS.values()],
        "help": [
            _("Do you need help now?"),
            _("Tell an adult you trust. You can also call or write here:"),
        ],
    }


@bp.get("/school/toolkit/awareness/<uuid:round_id>/qr.svg")
@permit(Permission.DOSSIER_READ, of=queries.awareness_round)
def round_qr(asked: AwarenessRound) -> ResponseReturnValue:
    """Render the address of a round as a QR code."""
    return Response(qr.as_svg(link_of(asked)), mimetype="image/svg+xml")


@bp.post("/school/toolkit/awareness/<uuid:round_id>/end")
@permit(Permission.DOSSIER_EDIT, of=queries.awareness_round)
def end_round(asked: AwarenessRound) -> ResponseReturnValue:
    """End a round before its last day."""
    services.end_round(asked, by=actor(), at=clock.now())
    flash(_("The round has ended. It no longer accepts answers."), "success")
    return redirect(url_for("awareness.show_round", round_id=asked.id))


@bp.post("/school/toolkit/awareness/<uuid:round_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.awareness_round)
def remove_round(asked: AwarenessRound) -> ResponseReturnValue:
    """Delete a round with all its counts."""
    services.remove_round(asked, by=actor(), at=clock.now())
    flash(_("The round and its counts have been deleted."), "success")
    return redirect(url_for("awareness.rounds"))


@bp.post("/school/toolkit/awareness/<uuid:round_id>/document")
@permit(Permission.DOSSIER_EDIT, of=queries.awareness_round)
def add_document(asked: AwarenessRound) -> ResponseReturnValue:
    """Add the figures of a round to the school's documents, where a criterion can name them as evidence."""
    school, form, today = school_of(asked.school_id), Form(), filters.today()
    figures = queries.figures(asked, today)
    if figures is None or school is None:
        raise Missing
    compared = queries.comparison(asked, figures, today)
    sent = UploadedFile(draw_figures(school, asked, figures, compared), "pupil-survey.pdf")
    title = _("Survey of pupils: %(label)s", label=asked.label)
    clamd, at = current_config().clamd_url, clock.now()
    with form.catch_refusals():
        target = NewDocument(school, title, SURVEY)
        document, _file = take_document(
            target, sent, clamd_url=clamd, store=files(), by=actor(), at=at
        )
        flash(_("The figures are now in your documents."), "success")
        return redirect(url_for("documents.document", document_id=document.id))
    return _round_page(asked, form)
