"""The page where people create and end their own tokens."""

from datetime import timedelta
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.oversee.api.forms import TokenForm
from cissapp.oversee.api.models import ApiToken
from cissapp.oversee.api.queries import tokens as queries
from cissapp.oversee.api.rules.tokens import (
    END_NAMES,
    SCOPE_NAMES,
    USUAL_DAYS,
    TokenEnd,
    TokenScope,
    scopes_open_to,
)
from cissapp.oversee.api.services import tokens as services
from cissapp.oversee.api.views.blueprint import bp


@bp.get("/account/tokens")
@permit(Permission.API_TOKEN_USE)
def tokens() -> ResponseReturnValue:
    """List the person's tokens, and offer a form for a new one."""
    return answer("api/tokens.html", _form(), made=None, **_listed())


@bp.post("/account/tokens")
@permit(Permission.API_TOKEN_USE)
@limit("30 per hour")
def make_token() -> ResponseReturnValue:
    """Make a token, and show it this once: only its hash is kept."""
    form = _form()
    if form.validate_on_submit():
        name, scopes, ends_on = form.given()
        with form.catch_refusals():
            made = services.make_token(name, scopes, ends_on, by=actor(), at=clock.now())
            return render_template("api/tokens.html", form=_fresh(), made=made, **_listed())
    return answer("api/tokens.html", form, made=None, **_listed())


@bp.post("/account/tokens/<uuid:token_id>/end")
@permit(Permission.API_TOKEN_USE, of=queries.token)
def end_token(token: ApiToken) -> ResponseReturnValue:
    """End a token at once."""
    services.end_token(token, TokenEnd.BY_OWNER, by=actor(), at=clock.now())
    flash(
        _(
            "The token “%(name)s” has ended. Programs that use it no longer get answers.",
            name=token.name,
        ),
        "success",
    )
    return redirect(url_for("api.tokens"))


def _form() -> TokenForm:
    form = TokenForm(data={"ends_on": clock.today() + timedelta(days=USUAL_DAYS)})
    form.offer(scopes_open_to(actor()))
    return form


def _fresh() -> TokenForm:
    """Return an empty form, to be shown after a token was created."""
    form = TokenForm(formdata=None, data={"ends_on": clock.today() + timedelta(days=USUAL_DAYS)})
    form.offer(scopes_open_to(actor()))
    return form


def _listed() -> dict[str, object]:
    """Return a page of the person's tokens as shown, working ones first."""
    place = place_asked()
    found = queries.tokens_of(actor(), at=clock.now(), place=place)
    rows = sorted(map(_row, found.rows), key=lambda row: row["end"] is not None)
    return {"rows": rows, "found": found, "href": partial(url_for, "api.tokens")}


def _row(token: ApiToken) -> dict[str, object]:
    end = services.end_of_token(token, at=clock.now())
    return {
        "token": token,
        "scopes": [_(SCOPE_NAMES[TokenScope(one)]) for one in token.scopes],
        "last_day": (token.ends_at - timedelta(days=1)).date(),
        "end": end,
        "why": _(END_NAMES[end.because]) if end else "",
    }
