"""Puts drafts into the forms of a page while it is written, and ends them when the form was sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from urllib.parse import parse_qsl, quote, unquote, urlencode
from uuid import UUID

from flask import Flask, Response, current_app, g, request, session
from flask_babel import get_timezone
from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace
from wtforms import Field

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import SAFE_METHODS, before_commit
from cissapp.foundation.form_drafts.rules import (
    STORE,
    Digests,
    DraftStore,
    KeptDraft,
    Values,
    differing,
    digest,
    fit,
)
from cissapp.foundation.web import filters
from cissapp.foundation.web.drafts import inputs
from cissapp.foundation.web.drafts.exclusions import BESIDE, has_drafts
from cissapp.foundation.web.drafts.ticket import FIELD, Ticket, new_hand, sent_ticket
from cissapp.foundation.web.forms import Form, ShownValue

SENT = "draft-sent"
NO_CHANGE = {"drafts"}  # the room of drafts itself: what is saved there is not sent


class OtherDraft(Struct, frozen=True):
    """An older draft of the same form, with the fields in which it differs."""

    id: UUID
    saved: str
    values: list[ShownValue]


class FormDraft(Struct):
    """What a form's component shows of its draft.

    `at` is the draft and version that the fields hold, `base` a digest of what they held without it: a device
    compares both with what it kept.
    """

    ticket: Ticket
    first: bool = False
    came_back: bool = False
    at: str = ""
    poured: KeptDraft | None = None
    saved: str = ""
    changed: list[ShownValue] = field(default_factory=list)
    homeless: list[ShownValue] = field(default_factory=list)
    others: list[OtherDraft] = field(default_factory=list)

    @property
    def base(self) -> str:
        """A digest of what the fields of the form held without a draft."""
        return digest([f"{name}={one}" for name, one in sorted(self.ticket.base.items())])


def written(at: datetime) -> str:
    """Format when a draft was saved: the time alone if it was today."""
    today = filters.day(at) == filters.day(clock.now())
    return filters.short_time(at) if today else filters.moment(at)


def draft_of(form: Form | None, action: str = "") -> FormDraft | None:
    """Fill a form of this page with its draft; return what is to be shown of that, None where no drafts are kept.

    The fields of a form that was sent and came back hold what was sent: they are left alone.
    """
    person = signed_in()
    if person is None or STORE not in current_app.extensions:
        return None
    if form is None or not has_drafts(form):
        return None
    # Two forms of a page differ by prefix, or by where they are sent to.
    sent_to = _what_about(action)
    form_name = f"{form._prefix}{type(form).__name__} {sent_to}".strip()  # noqa: SLF001 -- no other way to it
    sent = sent_ticket(person) if request.method not in SAFE_METHODS else None
    if sent and sent.form == form_name:
        at = f"{sent.draft}:{sent.version}" if sent.draft else ""
        seen = replace(sent, base={**sent.base, **(form.base_now or {})})
        found = FormDraft(seen, at=at, came_back=True)
    else:
        found = FormDraft(_ticket(form, form_name, person))
        _put_back(form, found, [one for one in _of_page(person) if one.form == form_name])
    found.first = not g.get("drafts_on_page", False)
    g.drafts_on_page = True
    return found


def value_or_draft(field: Field) -> str | None:
    """Return a field's value, or that of the newest draft of this page, for pages that offer some of many choices."""
    person = signed_in()
    if field.data or person is None or STORE not in current_app.extensions:
        return cast("str | None", field.data)
    kept = [one.fields[field.name] for one in _of_page(person) if one.fields.get(field.name)]
    return kept[0][0] if kept else None


def noted_title(title: str) -> str:
    """Note the title of this page, by which a person finds a draft again; return it as it was."""
    g.page_title = Markup(title).striptags()  # noqa: S704 -- read as a text, never written as markup
    return title


def carried_ticket(form: FormDraft | None) -> str:
    """Return the ticket that a form carries; that of an earlier step, if it has no drafts itself."""
    if form:
        return form.ticket.sign()
    sent = sent_ticket(signed_in()) if request.method not in SAFE_METHODS else None
    return sent.sign() if sent else ""


def page_address() -> str:
    """Return the address by which the drafts of this page are found again."""
    return _about(request.path, request.args.items(multi=True))


def _what_about(action: str) -> str:
    """Return a form's target address without the parameters that only affect what is shown next to it."""
    path, _mark, query = action.partition("?")
    return _about(unquote(path), parse_qsl(query)) if query else action


def _about(path: str, asked: Iterable[tuple[str, str]]) -> str:
    kept = urlencode(sorted(pair for pair in asked if pair[0] not in BESIDE))
    return f"{quote(path)}?{kept}" if kept else quote(path)


def _ticket(form: Form, name: str, person: Actor) -> Ticket:
    kept = list(inputs.kept_fields(form))
    return Ticket(
        person=str(person.id),
        page=page_address(),
        form=name,
        hand=new_hand(),
        title=g.get("page_title", ""),
        base=inputs.digests_of(form),
        compound=tuple(one.name for one in kept if inputs.is_compound(one)),
        unwatched=tuple(one.name for one in kept if not form.is_watched(one.short_name, type(one))),
    )


def _of_page(person: Actor) -> list[KeptDraft]:
    """List the person's drafts of this page, asked for once."""
    if "drafts_of_page" not in g:
        g.drafts_of_page = _store().of_page(person, page_address())
    return cast("list[KeptDraft]", g.drafts_of_page)


def _put_back(form: Form, found: FormDraft, drafts: list[KeptDraft]) -> None:
    """Restore the newest draft; show next to it what does not fit, and how older drafts differ."""
    if not drafts:
        return
    newest = drafts[0]
    sorted_out = fit(newest.fields, newest.base, _now(found.ticket, newest.fields))
    gone = {
        name: values
        for name, values in sorted_out.poured.items()
        if not inputs.is_offered(form, name, values)
    }
    homeless = {**sorted_out.homeless, **gone}
    found.changed = [
        inputs.shown_value(form, name, values, _on_page(form, name))
        for name, values in sorted_out.clashing.items()
    ]
    found.homeless = [
        inputs.shown_value(form, name, values, []) for name, values in homeless.items()
    ]
    found.others = [_beside(form, newest, one) for one in drafts[1:]]
    inputs.pour(form, {k: v for k, v in sorted_out.poured.items() if k not in gone})
    found.poured, found.saved = newest, written(newest.saved_at)
    seen = [_version_of(one) for one in drafts[1:]]
    if found.changed or homeless:
        # The next save would lose what is shown next to the fields: the page starts a draft of its own.
        found.ticket = _seen(found.ticket, [_version_of(newest), *seen])
    else:
        found.ticket = _seen(found.ticket.goes_on_with(newest.id, newest.version), seen)
        found.at = _version_of(newest)


def _now(ticket: Ticket, kept: Values) -> Digests:
    """Return digests of the fields; an input of a compound field is present if the field is."""
    starts = tuple(f"{one}-" for one in ticket.compound)
    inside = {name: "" for name in kept if starts and name.startswith(starts)}
    return {**inside, **ticket.base}


def _version_of(draft: KeptDraft) -> str:
    return f"{draft.id}:{draft.version}"


def _seen(ticket: Ticket, versions: list[str]) -> Ticket:
    return replace(ticket, seen=tuple(versions))


def _on_page(form: Form, name: str) -> list[str]:
    return inputs.values_of_form(form).get(name, [])


def _beside(form: Form, newest: KeptDraft, other: KeptDraft) -> OtherDraft:
    values = [
        inputs.shown_value(form, name, newest.fields.get(name, []), other.fields.get(name, []))
        for name in differing(newest.fields, other.fields)
    ]
    return OtherDraft(other.id, written(other.saved_at), values)


def _store() -> DraftStore:
    return cast("DraftStore", current_app.extensions[STORE])


def _end_drafts(response: Response) -> None:
    """Delete a form's draft after a successful submission (a redirect), in the same transaction."""
    if not 300 <= response.status_code < 400 or request.blueprint in NO_CHANGE:
        return
    if FIELD not in request.form:
        return
    person = signed_in()
    ticket = sent_ticket(person)
    if person is not None and ticket is not None:
        _store().close(person, ticket.known(), ticket.page, ticket.hand)
        session[SENT] = ticket.hand


def hand_sent() -> str | None:
    """Return, once, which view of a page was submitted, so that its device forgets what it kept."""
    return session.pop(SENT, None) if SENT in session else None


def init_app(app: Flask, store: DraftStore) -> None:
    """Let the forms of all pages keep drafts in a store."""
    app.extensions[STORE] = store
    app.jinja_env.globals |= {
        "draft_of": draft_of,
        "carried_ticket": carried_ticket,
        "draft_field": FIELD,
        "hand_sent": hand_sent,
        "noted_title": noted_title,
        "zone_of_reader": lambda: str(get_timezone()),
    }
    before_commit(app, _end_drafts)
