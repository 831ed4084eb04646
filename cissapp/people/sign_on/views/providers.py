"""Pages of the secretariat: which organisations there are, enter one, try it, switch it on and off, remove it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer, flash_refusals
from cissapp.foundation.web.limits import limit
from cissapp.people.schools import queries as schools
from cissapp.people.sign_on import queries, services
from cissapp.people.sign_on.forms import ProviderForm, SecretForm
from cissapp.people.sign_on.models import IdentityProvider
from cissapp.people.sign_on.rules import REFUSAL_TEXTS, SignOnRefused
from cissapp.people.sign_on.views.beginning import return_address
from cissapp.people.sign_on.views.blueprint import bp, to_loopback

TRIES = "30 per hour"


def _scope_of(provider: IdentityProvider) -> str:
    """Return the name of the group or country whose people a provider signs in."""
    if provider.group:
        return provider.group.name
    return _of_country(str(provider.country_code))


def _of_country(code: str) -> str:
    return str(_("Ministry and regions: %(country)s", country=languages.country_name(code)))


@bp.get("/admin/sign-on")
@permit(Permission.SIGN_ON_MANAGE)
def providers() -> ResponseReturnValue:
    """List the organisations whose accounts open accounts here."""
    return render_template(
        "sign_on/providers.html",
        providers=queries.providers(),
        scope_of=_scope_of,
        counts=queries.counts_of_links(),
    )


@bp.route("/admin/sign-on/new", methods=["GET", "POST"])
@permit(Permission.SIGN_ON_MANAGE)
@limit(TRIES, methods=["POST"])
def add() -> ResponseReturnValue:
    """Enter an organisation; it is switched off at first."""
    form = ProviderForm()
    form.offer(
        [(one.code, _of_country(one.code)) for one in schools.countries()],
        [(one.id, one.name) for one in schools.groups() if not one.to_on],
    )
    if form.validate_on_submit():
        with form.catch_refusals():
            made = services.add_provider(
                form.given(), loopback=to_loopback(), by=actor(), at=clock.now()
            )
            flash(
                _("“%(name)s” has been saved and is switched off. Test it now.", name=made.name),
                "success",
            )
            return redirect(url_for("sign_on.show", provider_id=made.id))
    return answer("sign_on/new.html", form)


@bp.get("/admin/sign-on/<uuid:provider_id>")
@permit(Permission.SIGN_ON_MANAGE, of=queries.provider)
def show(provider: IdentityProvider) -> ResponseReturnValue:
    """Show an organisation: its configuration, and what can be done."""
    return _shown(provider)


def _shown(provider: IdentityProvider, problem: SignOnRefused | None = None) -> ResponseReturnValue:
    problem_text = _(REFUSAL_TEXTS[problem.reason]) if problem else ""
    return render_template(
        "sign_on/provider.html",
        provider=provider,
        scope=_scope_of(provider),
        linked=queries.counts_of_links().get(provider.id, 0),
        return_address=return_address(provider.id),
        problem=problem_text,
        detail=problem.detail if problem else "",
    )


@bp.post("/admin/sign-on/<uuid:provider_id>/try")
@permit(Permission.SIGN_ON_MANAGE, of=queries.provider)
@limit(TRIES)
def try_now(provider: IdentityProvider) -> ResponseReturnValue:
    """Fetch an organisation's configuration, and show what was found."""
    try:
        services.try_provider(provider, loopback=to_loopback(), by=actor(), at=clock.now())
    except SignOnRefused as refused:
        return _shown(provider, refused)
    flash(_("It responds, and its keys can be read. You can switch it on."), "success")
    return redirect(url_for("sign_on.show", provider_id=provider.id))


@bp.route("/admin/sign-on/<uuid:provider_id>/secret", methods=["GET", "POST"])
@permit(Permission.SIGN_ON_MANAGE, of=queries.provider)
@limit(TRIES, methods=["POST"])
def renew(provider: IdentityProvider) -> ResponseReturnValue:
    """Replace the client secret of an organisation."""
    form = SecretForm()
    if form.validate_on_submit():
        services.renew_secret(provider, form.given_secret(), by=actor(), at=clock.now())
        flash(
            _(
                "The new secret has been saved. Ask somebody from the organisation to sign in with it."
            ),
            "success",
        )
        return redirect(url_for("sign_on.show", provider_id=provider.id))
    return answer("sign_on/secret.html", form, provider=provider)


@bp.post("/admin/sign-on/<uuid:provider_id>/on")
@permit(Permission.SIGN_ON_MANAGE, of=queries.provider)
def switch_on(provider: IdentityProvider) -> ResponseReturnValue:
    """Let people sign in with an organisation."""
    with flash_refusals():
        services.switch_on(provider, by=actor(), at=clock.now())
        flash(_("People can now sign in with “%(name)s”.", name=provider.name), "success")
    return redirect(url_for("sign_on.show", provider_id=provider.id))


@bp.post("/admin/sign-on/<uuid:provider_id>/off")
@permit(Permission.SIGN_ON_MANAGE, of=queries.provider)
def switch_off(provider: IdentityProvider) -> ResponseReturnValue:
    """Stop all sign-ins with an organisation."""
    services.switch_off(provider, by=actor(), at=clock.now())
    flash(_("Nobody can sign in with “%(name)s” any more.", name=provider.name), "success")
    return redirect(url_for("sign_on.show", provider_id=provider.id))


@bp.post("/admin/sign-on/<uuid:provider_id>/remove")
@permit(Permission.SIGN_ON_MANAGE, of=queries.provider)
def remove(provider: IdentityProvider) -> ResponseReturnValue:
    """Forget an organisation and all links with it."""
    name = provider.name
    with flash_refusals():
        services.remove_provider(provider, by=actor(), at=clock.now())
        flash(_("“%(name)s” and all its links have been removed.", name=name), "success")
        return redirect(url_for("sign_on.providers"))
    return redirect(url_for("sign_on.show", provider_id=provider.id))
