"""The pages that ask for a second proof: after the password, and before sensitive actions."""

from http import HTTPStatus
from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.paper import qr
from cissapp.foundation.web.forms import Form
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.phrases import device_name
from cissapp.people.accounts.rules import OTHER
from cissapp.people.accounts.sessions import OwnProof, own_proof
from cissapp.people.factors import queries, services
from cissapp.people.factors.asking.kept_entries import KeptEntries
from cissapp.people.factors.forms import AppForm, PasskeyForm, ProofForm
from cissapp.people.factors.rules.app_codes import app_address, grouped
from cissapp.people.factors.rules.parties import RelyingParty, party_of

F = TypeVar("F", bound=Form)

GIVE_A_PROOF = Problem("empty", N_("Enter your code, or use your passkey."))


def party() -> RelyingParty:
    """Return the site that passkeys are made for, by the settings."""
    return party_of(current_config().base_url)


def _with(form: F, problem: Problem | None) -> F:
    """Attach a problem to its field; that of a passkey, which has no visible field, goes above the form."""
    if problem:
        code = "passkey" if problem.code == "credential" else problem.code
        form.refuse(Refused(Problem(code, problem.message, problem.values)))
    return form


def second_page(
    found: UserSession, kept: KeptEntries, problem: Problem | None = None
) -> ResponseReturnValue:
    """Render the page for the second proof. A failure is counted, so the transaction must be committed."""
    form = _with(ProofForm(formdata=None), problem)
    return render_template(
        "factors/second.html",
        form=form,
        factors=queries.factors_of(found.user_id),
        kept=kept.fields(),
        party=party(),
    )


def confirm_page(
    found: UserSession,
    kept: KeptEntries,
    problem: Problem | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    """Render the page that asks the person to confirm their identity again."""
    form, factors = _with(ProofForm(formdata=None), problem), queries.factors_of(found.user_id)
    # Without a factor and a password there is nothing to send here, and nothing that could carry the entries.
    carries = bool(factors.count) or own_proof() is OwnProof.PASSWORD
    html = render_template(
        "factors/confirm.html",
        form=form,
        factors=factors,
        kept=kept.fields(),
        typed=carries and kept.action is not None,
        next=kept.next if kept.action is None else url_for("factors.own"),
        had_files=carries and kept.had_files,
        party=party(),
    )
    return html, status


def suggested_name(found: UserSession) -> str:
    """Return a suggested name for a passkey of this device; empty if the device is not known."""
    known = found.device and OTHER not in found.device
    return device_name(found.device) if known else ""


def set_up_page(
    found: UserSession, kept: KeptEntries, problem: Problem | None = None
) -> ResponseReturnValue:
    """Render the choice of a first factor for somebody whose role needs one."""
    form = _with(PasskeyForm(formdata=None, name=suggested_name(found)), problem)
    return render_template("factors/set_up.html", form=form, kept=kept.fields(), party=party())


def app_page(
    found: UserSession,
    kept: KeptEntries,
    *,
    action: str,
    back: str,
    problem: Problem | None = None,
) -> ResponseReturnValue:
    """Render the QR code of a new app, and the field for its first code."""
    secret = services.pending_secret(found, at=clock.now())
    if secret is None:
        return redirect(back)
    form = _with(AppForm(formdata=None), problem)
    address = app_address(secret, found.user.email)
    runs, side = qr.runs_of(address)
    drawn = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in runs)
    return render_template(
        "factors/app.html",
        form=form,
        address=address,
        secret=grouped(secret),
        drawn=drawn,
        side=side,
        kept=kept.fields(),
        action=action,
        back=back,
    )


def codes_page(codes: list[str], kept: KeptEntries | None = None) -> ResponseReturnValue:
    """Render new recovery codes, which no other page ever shows."""
    return render_template("factors/codes.html", codes=codes, kept=kept)


def too_late(kept: KeptEntries) -> ResponseReturnValue:
    """Redirect to the password page, because no session is waiting for a second proof."""
    if kept.action:
        return kept.sign_in_again()
    flash(_("This took too long. Sign in again."), "warning")
    return redirect(url_for("accounts.sign_in", next=kept.next))
