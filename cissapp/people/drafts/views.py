"""Pages of drafts: save one, list one's own, discard, choose between two."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.form_drafts.rules import Values
from cissapp.foundation.web import content_warnings, error_pages
from cissapp.foundation.web.drafts.page_drafts import written
from cissapp.foundation.web.drafts.ticket import FIELD, Ticket, sent_ticket
from cissapp.foundation.web.error_pages import wants_json
from cissapp.foundation.web.forms import shown
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.typed_entries import shown_entries
from cissapp.people.drafts import queries, services
from cissapp.people.drafts.models import Draft
from cissapp.people.drafts.rules import LASTS, DraftEntry, is_as_shown

bp = Blueprint("drafts", __name__, template_folder="templates")

TAKE = "take:"


@bp.get("/drafts")
@permit(Permission.DRAFT_KEEP)
def own() -> ResponseReturnValue:
    """List the person's drafts: where they were typed, when, and their longest text."""
    drafts = queries.drafts_of(actor_id())
    rows = [(one, written(one.saved_at), _longest_text(one)) for one in drafts]
    return render_template("drafts/own.html", rows=rows, days=LASTS.days)


def actor_id() -> UUID:
    """Return the id of the person who is signed in."""
    found: UUID = actor().id  # type: ignore[assignment] # only the system has none
    return found


def _longest_text(draft: Draft) -> str:
    """Return the longest text of a draft, by which its author recognises it."""
    return max((one for values in draft.fields.values() for one in values), key=len, default="")


@bp.post("/drafts")
@permit(Permission.DRAFT_KEEP)
@limit("1500 per 5 minutes")
def save() -> ResponseReturnValue:
    """Save what was typed into a form; a script gets JSON, a person without one is sent back to the form."""
    ticket = sent_ticket(actor())
    if ticket is None:
        return _unknown()
    kept = ticket.kept_of(request.form.lists())
    try:
        seen = content_warnings.check_text(ticket.watched(kept))
    except content_warnings.TextsTooLong:
        return _not_saved(ticket, _("The text you typed is too long in total. Make it shorter."))
    if wants_json():
        # A confirmation tick is recorded when the form is sent, not each time its draft is saved.
        content_warnings.take_confirmation()
    if seen:
        return _not_saved(ticket, _("It may name or show a child."), seen)
    try:
        draft = services.save(_entry(ticket, kept), by=actor(), at=clock.now())
    except Refused as refused:
        return _not_saved(ticket, " ".join(shown(one).text for one in refused.problems))
    return _saved(ticket, draft)


def _entry(ticket: Ticket, kept: Values) -> DraftEntry:
    return DraftEntry(
        ticket.page,
        ticket.form,
        ticket.hand,
        kept,
        ticket.base,
        UUID(ticket.draft) if ticket.draft else None,
        ticket.version,
        ticket.title,
    )


def _unknown() -> ResponseReturnValue:
    """Refuse a draft from no page of this person: it is out of date, or someone else was signed in."""
    message = _("This page is out of date, or someone else has signed in. Reload it.")
    if wants_json():
        return jsonify(saved=False, kind="unknown", message=message), HTTPStatus.BAD_REQUEST
    return error_pages.page(HTTPStatus.BAD_REQUEST, _("Draft not saved"), message)


def _saved(ticket: Ticket, draft: Draft | None) -> ResponseReturnValue:
    """Return when it was saved, and where it is found."""
    if not wants_json():
        if draft is None:
            flash(_("There is nothing to save yet."), "info")
        else:
            flash(
                _(
                    "Your draft is saved. Only you can see it. You will find it here, and in your account under “Your drafts”."
                ),
                "success",
            )
        return redirect(ticket.page)
    if draft is None:
        return jsonify(saved=True, text="", ticket=ticket.begins_anew().sign(), at="")
    of_form = [
        one for one in queries.drafts_of_page(draft.user_id, draft.page) if one.form == draft.form
    ]
    told = {
        "text": _("Draft saved %(time)s", time=written(draft.saved_at)),
        "ticket": ticket.goes_on_with(draft.id, draft.version).sign(),
        "at": f"{draft.id}:{draft.version}",
    }
    # The draft that the page continues may have gone on elsewhere: this save is then stored beside it.
    beside = not all(_is_as_shown(one, ticket) for one in of_form)
    return jsonify(saved=True, beside=beside, **told)


def _not_saved(
    ticket: Ticket, reason: str, seen: content_warnings.ContentWarning | None = None
) -> ResponseReturnValue:
    """Return why nothing was saved on the server; a page also gives back what was typed."""
    if wants_json():
        kind = "signs" if seen else "refused"
        if seen:
            reason = " ".join([reason, *seen.sentences])
        return jsonify(saved=False, kind=kind, message=reason), HTTPStatus.UNPROCESSABLE_ENTITY
    sent = [(name, one) for name, several in request.form.lists() for one in several]
    kept = ticket.kept_of(request.form.lists())
    page = render_template(
        "drafts/not_saved.html",
        reason=reason,
        warning=seen,
        fields=[(name, one) for name, one in sent if name in kept or name == FIELD],
        entries=shown_entries(
            ticket.page.partition("?")[0], [pair for pair in sent if pair[0] in kept]
        ),
        page=ticket.page,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/drafts/<uuid:draft_id>/discard")
@permit(Permission.DRAFT_KEEP, of=queries.draft)
def discard(draft: Draft) -> ResponseReturnValue:
    """Delete a draft as the page showed it; go back to its form, or to the list."""
    back = draft.page if "here" in request.form else url_for("drafts.own")
    ticket = sent_ticket(actor())
    shown_version = request.form.get("version", type=int)
    if not (_is_as_shown(draft, ticket) if ticket else draft.version == shown_version):
        return _went_on(back)
    services.discard(draft)
    flash(_("The draft has been discarded."), "success")
    return redirect(back)


def _is_as_shown(draft: Draft, ticket: Ticket) -> bool:
    return is_as_shown(draft, ticket.known().get(draft.id), ticket.hand)


def _went_on(back: str) -> ResponseReturnValue:
    """Change nothing: the person has not seen what the draft holds by now."""
    flash(
        _(
            "You continued this draft in another tab or on another device. Nothing was discarded or replaced. Here is how it stands now."
        ),
        "warning",
    )
    return redirect(back)


@bp.post("/drafts/<uuid:draft_id>/settle")
@permit(Permission.DRAFT_KEEP, of=queries.draft)
def settle(draft: Draft) -> ResponseReturnValue:
    """Apply the person's choice, field by field, between two drafts or a draft and a changed page."""
    ticket, other = sent_ticket(actor()), _other(draft)
    if ticket is None or (ticket.page, ticket.form) != (draft.page, draft.form):
        return _unknown()
    if other is None and "other" in request.form:
        return redirect(
            draft.page
        )  # it was sent or discarded meanwhile: there is nothing to choose
    if not all(_is_as_shown(one, ticket) for one in (draft, other) if one):
        return _went_on(draft.page)
    services.settle(draft, **_chosen(ticket, other), other=other, at=clock.now())
    flash(
        _(
            "Your draft now contains what you chose. Only you can see it. It does not count until you press the button below."
        ),
        "success",
    )
    return redirect(draft.page)


def _chosen(ticket: Ticket, other: Draft | None) -> dict[str, Any]:
    """Return the arguments for `services.settle` from the choice made for each field."""
    taken = {
        name.removeprefix(TAKE): values[-1]
        for name, values in request.form.lists()
        if name.startswith(TAKE)
    }
    against = [name for name, one in taken.items() if one == "other"]
    if other:
        values = {name: other.fields.get(name, []) for name in against}
        return {"values": values, "dropped": (), "base": {}}
    base = {name: ticket.base.get(name, "") for name in taken}
    return {"values": {}, "dropped": against, "base": base}


def _other(draft: Draft) -> Draft | None:
    """Return the draft of the same form that the person compares with, if there still is one."""
    drafts = queries.drafts_of_page(draft.user_id, draft.page)
    named = request.form.get("other", "")
    return next((one for one in drafts if str(one.id) == named and one.form == draft.form), None)
