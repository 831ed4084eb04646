"""Pages of messages to many people: choose and write, preview in each language, send, stop."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer, flash_refusals
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import OwnGroup, own_group
from cissapp.review.followup.forms import FollowupFilterForm
from cissapp.review.followup.phrases import region_choices
from cissapp.review.followup.queries.schools import followed_ids
from cissapp.review.messages import queries, services
from cissapp.review.messages.forms import MessageForm, message_form
from cissapp.review.messages.mails import honest_note, mail_of
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.messages.queries import Audience
from cissapp.review.messages.rules import (
    MESSAGE_STATE_KINDS,
    MESSAGE_STATE_NAMES,
    MessageState,
    text_for,
)

bp = Blueprint("messages", __name__, template_folder="templates")

WORDS = {"state_names": MESSAGE_STATE_NAMES, "state_kinds": MESSAGE_STATE_KINDS}


class Preview(Struct, frozen=True):
    """The mail as the first reader of a language gets it, and the number of readers of that language."""

    language: str
    language_name: str
    readers: int
    name: str
    school: str
    text: MailText


@bp.get("/group/messages")
@permit(Permission.MESSAGE_SEND)
def sent() -> ResponseReturnValue:
    """List the messages of the group, the newest first."""
    place = place_asked()
    return render_template(
        "messages/sent.html",
        found=queries.messages_page(actor(), place),
        href=lambda **place: url_for("messages.sent", **place),
        **WORDS,
    )


@bp.route("/group/messages/new", methods=["GET", "POST"])
@permit(Permission.MESSAGE_SEND, of=own_group)
def write(own: OwnGroup) -> ResponseReturnValue:
    """Write a message to the schools that the address names, or to all that fit its filter."""
    audience = queries.audience(actor(), _chosen(own))
    form = message_form(audience.languages)
    if form.validate_on_submit():
        texts, with_steps = form.given()
        with form.catch_refusals():
            made = services.write(
                texts, audience, with_steps=with_steps, by=actor(), at=clock.now()
            )
            return redirect(url_for("messages.show", message_id=made.id))
    return _form_page(form, audience, None)


def _chosen(own: OwnGroup) -> list[UUID]:
    """Return the schools that the address names one by one, or that fit its filter of the list.

    A filter with a choice that does not exist fits none: a list may ignore it, a message would go to all.
    """
    regions = region_choices(own.group.country_codes, request.args.get("region"))
    form = FollowupFilterForm(request.args, regions=regions)
    wanted = form.given()
    if "all" in request.args:
        unknown = any(name in request.args for name in form.errors)
        return [] if unknown else followed_ids(actor(), wanted, today=clock.today())
    return request.args.getlist("school", type=UUID)


@bp.route("/group/messages/<uuid:message_id>/change", methods=["GET", "POST"])
@permit(Permission.MESSAGE_SEND, of=queries.message)
def change(message: Message) -> ResponseReturnValue:
    """Change a message that was not sent."""
    if message.confirmed_at is not None:
        return redirect(url_for("messages.show", message_id=message.id))
    audience = queries.audience(actor(), queries.school_ids_of(message))
    codes = dict.fromkeys([*audience.languages, *message.written])
    form = message_form(codes, message.written, with_steps=message.with_steps)
    if form.validate_on_submit():
        texts, with_steps = form.given()
        with form.catch_refusals():
            services.change(message, texts, with_steps=with_steps, by=actor(), at=clock.now())
            return redirect(url_for("messages.show", message_id=message.id))
    return _form_page(form, audience, message)


def _form_page(
    form: MessageForm, audience: Audience, message: Message | None
) -> ResponseReturnValue:
    names = [(languages.NAMES.get(code, code), code) for code in form.in_languages]
    return answer(
        "messages/write.html", form, audience=audience, message=message, language_names=names
    )


@bp.get("/group/messages/<uuid:message_id>")
@permit(Permission.MESSAGE_SEND, of=queries.message)
def show(message: Message) -> ResponseReturnValue:
    """Show a message in each of its readers' languages, and how far it has gone."""
    progress = queries.progress_of(message)
    return render_template(
        "messages/show.html",
        message=message,
        progress=progress,
        going=progress.state is MessageState.GOING,
        previews=_previews(message),
        **WORDS,
    )


def _previews(message: Message) -> list[Preview]:
    found = []
    readers = queries.languages_of(message)
    first = {code: queries.first_reader(message, code) for code in readers}
    if not any(first.values()) and (one := queries.first_reader(message)):
        # Since the message was written, all have chosen another language.
        first, readers = {one.language: one}, {one.language: message.people}
    for code, person in first.items():
        if person is None or person.school is None:
            continue
        with force_locale(code):
            text = _preview_of(message, person, person.school)
        name = languages.NAMES.get(code, code)
        found.append(Preview(code, name, readers[code], person.name, person.school.name, text))
    return found


def _preview_of(message: Message, person: User, school: School) -> MailText:
    """Return the mail to a person as others may see it, without the personal address that stops mails."""
    stop = _("(an address that only the reader gets)")
    return mail_of(message, person, school, content(), stop=stop, today=clock.today())


@bp.get("/messages/<uuid:message_id>")
@permit(Permission.MESSAGE_READ, of=queries.received)
def read(recipient: MessageRecipient) -> ResponseReturnValue:
    """Show a message to a person of a school to whom it went."""
    language, message = languages.current(), recipient.message
    text = text_for(message.written, language)
    return render_template(
        "messages/read.html", message=message, text=text, note=honest_note(text.language, language)
    )


@bp.post("/group/messages/<uuid:message_id>/send")
@permit(Permission.MESSAGE_SEND, of=queries.message)
@limit("30 per hour")
def send(message: Message) -> ResponseReturnValue:
    """Start sending a message."""
    with flash_refusals():
        services.confirm(message, by=actor(), at=clock.now())
        flash(_("The message is being sent."), "success")
    return redirect(url_for("messages.show", message_id=message.id))


@bp.post("/group/messages/<uuid:message_id>/stop")
@permit(Permission.MESSAGE_SEND, of=queries.message)
def stop(message: Message) -> ResponseReturnValue:
    """Stop a message for all who have not got it yet."""
    with flash_refusals():
        left = services.stop(message, by=actor(), at=clock.now())
        sentence = ngettext(
            "The message has been stopped. %(num)d person will not get it.",
            "The message has been stopped. %(num)d people will not get it.",
            left,
        )
        flash(sentence, "success")
    return redirect(url_for("messages.show", message_id=message.id))


@bp.post("/group/messages/<uuid:message_id>/discard")
@permit(Permission.MESSAGE_SEND, of=queries.message)
def discard(message: Message) -> ResponseReturnValue:
    """Delete a message that was not sent."""
    with flash_refusals():
        services.discard(message)
        flash(_("The message has been discarded. Nobody received it."), "success")
        return redirect(url_for("messages.sent"))
    return redirect(url_for("messages.show", message_id=message.id))
