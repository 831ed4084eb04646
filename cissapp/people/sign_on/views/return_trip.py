"""To an organisation's sign-in page and back; a GET changes nothing, the button that follows does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit, public, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.own_paths import own_path
from cissapp.people.accounts import queries as people
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import Proof
from cissapp.people.accounts.sessions import (
    begin,
    signed_in_person,
    this_device,
    validate_with_proof,
)
from cissapp.people.sign_on import queries, services
from cissapp.people.sign_on.forms import LinkForm
from cissapp.people.sign_on.models import IdentityProvider
from cissapp.people.sign_on.rules import (
    REFUSAL_TEXTS,
    Purpose,
    Refusal,
    SignOnRefused,
    error_code,
)
from cissapp.people.sign_on.services.provider_answers import Redemption
from cissapp.people.sign_on.services.signing_in import Answer
from cissapp.people.sign_on.views.beginning import (
    Begun,
    address_to_ask,
    begun,
    forget_begun,
    remember,
    return_address,
)
from cissapp.people.sign_on.views.blueprint import RATE, bp, to_loopback

# What came back, in our own form; by the ending of their names no page shows them again (`SECRETS`).
STATE, CODE = "state_secret", "code_secret"


def _mixed_up() -> SignOnRefused:
    """Return the refusal of an answer that belongs to another organisation.

    A malicious one could have sent the person on to another, to obtain the code that is issued there.
    """
    return SignOnRefused(Refusal.ISSUER, "the answer is from another organisation")


def _on(provider: IdentityProvider | None) -> IdentityProvider:
    if provider is None or provider.on_since is None or provider.endpoints is None:
        raise Missing
    return provider


@bp.get("/sign-in/with/<uuid:provider_id>")
@public
@limit(RATE)
def begin_sign_in(provider_id: UUID) -> ResponseReturnValue:
    """Redirect to the sign-in page of an organisation."""
    provider = _on(queries.provider(provider_id))
    state = remember(provider.id, Purpose.SIGN_IN, next_path=own_path(request.args.get("next")))
    return redirect(address_to_ask(provider, state))


@bp.get("/invitations/<token>/with/<uuid:provider_id>")
@public
@limit(RATE)
def begin_join(token: str, provider_id: UUID) -> ResponseReturnValue:
    """Redirect to the sign-in page of an organisation, to accept an invitation."""
    invitation = _open_invitation(token)
    provider = _on(queries.provider(provider_id))
    if invitation is None or not queries.reaches(provider, invitation):
        raise Missing
    return redirect(address_to_ask(provider, remember(provider.id, Purpose.JOIN, whose=token)))


@bp.get("/account/sign-on/<uuid:provider_id>/link")
@permit(Permission.ACCOUNT_USE)
@limit(RATE)
def begin_link(provider_id: UUID) -> ResponseReturnValue:
    """Redirect to the sign-in page of an organisation, to link its account to the person's own."""
    provider = _on(queries.provider(provider_id))
    if not queries.reaches(provider, signed_in_person()):
        raise Missing
    return redirect(address_to_ask(provider, remember(provider.id, Purpose.LINK)))


@bp.get("/account/sign-on/<uuid:provider_id>/again")
@permit(Permission.ACCOUNT_USE)
@limit(RATE)
def begin_again(provider_id: UUID) -> ResponseReturnValue:
    """Redirect to the sign-in page of an organisation, where the person shows that they are still there."""
    provider, person = _on(queries.provider(provider_id)), signed_in_person()
    if not queries.reaches(provider, person):
        raise Missing
    next_path = own_path(request.args.get("next"))
    made = remember(provider.id, Purpose.AGAIN, next_path=next_path, whose=str(person.id))
    return redirect(address_to_ask(provider, made))


@bp.get("/sign-in/with/<uuid:provider_id>/return")
@public
@limit(RATE)
def come_back(provider_id: UUID) -> ResponseReturnValue:
    """Show what came back from an organisation, with a button to continue; this changes nothing."""
    found = begun(request.args.get("state", ""))
    if found is None:
        return _refused_page(SignOnRefused(Refusal.STATE))
    if found.provider_id != provider_id:
        return _refused_page(_mixed_up())
    if "error" in request.args or not request.args.get("code"):
        return _refused_page(SignOnRefused(Refusal.DENIED, error_code(request.args)))
    if not _is_from(_on(queries.provider(found.provider_id))):
        return _refused_page(_mixed_up())
    return _page(found, LinkForm(), request.args["code"])


def _is_from(provider: IdentityProvider) -> bool:
    """Return whether an answer comes from this organisation, as far as it names its issuer (RFC 9207)."""
    return request.args.get("iss", provider.issuer) == provider.issuer


@bp.post("/sign-in/with/<uuid:provider_id>/return")
@public
@limit(RATE)
def go_on(provider_id: UUID) -> ResponseReturnValue:
    """Exchange what came back, and sign in, link or join."""
    found = begun(request.form.get(STATE, ""))
    try:
        return _done(found, provider_id)
    except SignOnRefused as refused:
        _record_refusal(found, refused)
        return _refused_page(refused)
    except Refused:
        if found is None or found.purpose is not Purpose.JOIN:
            raise
        return _not_joined(found)


def _done(found: Begun | None, provider_id: UUID) -> ResponseReturnValue:
    """Do what was begun with this organisation; raise `SignOnRefused` for anything else."""
    if found is None:
        raise SignOnRefused(Refusal.STATE)
    if found.provider_id != provider_id:
        raise _mixed_up()
    form = LinkForm()
    if found.purpose is Purpose.LINK:
        if signed_in() is None:
            return _sign_in_first()
        if not validate_with_proof(form, "password"):
            return _page(found, form, request.form.get(CODE, ""))
    return ACTS[found.purpose](found, _answer_of(found))


def _page(found: Begun, form: LinkForm, code: str) -> ResponseReturnValue:
    provider = _on(queries.provider(found.provider_id))
    return render_template(
        "sign_on/return.html", form=form, provider=provider, begun=found, code=code[:2000]
    )


def _sign_in_first() -> ResponseReturnValue:
    """Send somebody whose session ended on the way to sign in, and then to begin again."""
    flash(_("Your session has ended. Sign in, then link the account again."), "warning")
    return redirect(url_for("accounts.sign_in", next=url_for("sign_on.own")))


def _answer_of(found: Begun) -> Answer:
    redemption = Redemption(
        request.form.get(CODE, "")[:2000],
        found.verifier,
        found.nonce,
        return_address(found.provider_id),
        found.at if found.purpose is Purpose.AGAIN else None,
    )
    return Answer(found.provider_id, found.state, redemption, to_loopback())


def _enter(token: str, proof: Proof | None, next_path: str) -> ResponseReturnValue:
    begin(token)
    if proof is None:
        return redirect(url_for("factors.second", next=next_path))
    return redirect(next_path)


def _sign_in(found: Begun, given: Answer) -> ResponseReturnValue:
    token, proof = services.sign_in_with(given, at=clock.now(), **_ways())
    return _enter(token, proof, found.next_path)


def _sign_in_again(found: Begun, given: Answer) -> ResponseReturnValue:
    token, proof = services.sign_in_with(given, at=clock.now(), **_ways(), only=UUID(found.whose))
    return _enter(token, proof, found.next_path)


def _join(found: Begun, given: Answer) -> ResponseReturnValue:
    invitation = _open_invitation(found.whose)
    if invitation is None:
        return _not_joined(found)
    token, proof = services.join_with(given, invitation, at=clock.now(), **_ways())
    return _enter(token, proof, url_for("home.start"))


def _ways() -> dict[str, Any]:
    return {"device": this_device(), "second_factor": current_config().second_factor}


def _link(_found: Begun, given: Answer) -> ResponseReturnValue:
    link = services.link_account(given, signed_in_person(), at=clock.now())
    forget_begun()
    flash(
        _("From now on, you can sign in with your account at “%(name)s”.", name=link.provider.name),
        "success",
    )
    return redirect(url_for("sign_on.own"))


ACTS: dict[Purpose, Callable[[Begun, Answer], ResponseReturnValue]] = {
    Purpose.SIGN_IN: _sign_in,
    Purpose.JOIN: _join,
    Purpose.AGAIN: _sign_in_again,
    Purpose.LINK: _link,
}


def _open_invitation(token: str) -> Invitation | None:
    found = people.invitation_by_token(token)
    return found if found and accounts.is_invitation_open(found, clock.now()) else None


def _record_refusal(found: Begun | None, refused: SignOnRefused) -> None:
    """Record that nobody was signed in; the answer's status must let the record be committed."""
    forget_begun()
    services.record_refusal(found.provider_id if found else None, refused, at=clock.now())


def _not_joined(found: Begun) -> ResponseReturnValue:
    """Lead from an invitation that cannot be accepted to its own page, which says why and what to do."""
    _record_refusal(found, SignOnRefused(Refusal.STATE, "the invitation could not be accepted"))
    return redirect(url_for("accounts.join", token=found.whose))


def _refused_page(refused: SignOnRefused) -> ResponseReturnValue:
    return render_template(
        "sign_on/refused.html",
        message=_(REFUSAL_TEXTS[refused.reason]),
        reason=" ".join(filter(None, (refused.reason.value, refused.detail))),
        is_signed_in=signed_in() is not None,
        again=refused.reason in {Refusal.NOT_AGAIN, Refusal.OTHER_PERSON},
    )
