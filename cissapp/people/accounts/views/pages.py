"""Pages of accounts: sign-in and out, invitation, passwords, language."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from flask import (
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit, public, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.errors import Missing, Refused, TooManyAttempts
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.roles import ROLE_NAMES
from cissapp.foundation.web import error_pages, languages
from cissapp.foundation.web.context import place_of
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.help_lines import country_of, show_help_of
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.own_paths import own_path
from cissapp.people.accounts import queries, services
from cissapp.people.accounts.forms import (
    ChangePasswordForm,
    JoinForm,
    ResetForm,
    ResetRequestForm,
    SignInForm,
)
from cissapp.people.accounts.models import Invitation, PasswordReset, User
from cissapp.people.accounts.phrases import ONE_PLACE, training_ahead
from cissapp.people.accounts.rules import DUTY_NAMES, Proof, password_length
from cissapp.people.accounts.sessions import (
    TOKEN,
    begin,
    end,
    half_open_session,
    remember_link,
    signed_in_person,
    this_device,
    this_visitor,
)
from cissapp.people.accounts.views.blueprint import bp


@bp.context_processor
def _ways() -> dict[str, object]:
    """Provide templates with the other ways to sign in, supplied by a room above."""
    return {
        "ways_in": lambda: _told(services.ways_in_asked.send(None)),
        "ways_to_join": lambda invitation, token: _told(
            services.ways_to_join_asked.send(None, invitation=invitation, token=token)
        ),
    }


def _told(answers: Sequence[tuple[object, Any]]) -> list[tuple[str, str]]:
    return [way for _receiver, ways in answers for way in ways]


CLEAR = '"cache", "storage"'


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in."""
    form = SignInForm(next=own_path(request.args.get("next")))
    if form.validate_on_submit():
        try:
            entered = _enters(form)
        except TooManyAttempts as error:
            return _too_many(form, error)
        if entered:
            return _after_sign_in(form)
        if "kept_action" not in request.form:
            # The failure was counted, so this answer must be committed although its form has an error.
            return render_template("accounts/sign_in.html", form=form)
    if form.errors and "kept_action" in request.form:
        return _keep_asking(form)
    return answer("accounts/sign_in.html", form)


def _enters(form: SignInForm) -> bool:
    """Open a session; otherwise show in the form why not."""
    email, password = form.given()
    try:
        token = services.sign_in(
            email,
            password,
            at=clock.now(),
            visitor=this_visitor(),
            second_factor=_staff_need_two(),
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    if token is None:
        form.email.errors = [_("The email address or the password is wrong. Check both.")]
        return False
    begin(token)
    return True


def _too_many(form: SignInForm, error: TooManyAttempts) -> ResponseReturnValue:
    """Render the form with what was typed: sign-in is closed for a while, but a mailed link still works."""
    form.email.errors = [error_pages.wait_message(error)]
    if "kept_action" in request.form:
        return error_pages.with_wait(_keep_asking(form), error)
    return error_pages.with_wait(render_template("accounts/sign_in.html", form=form), error)


def _staff_need_two() -> bool:
    return current_config().second_factor


def _kept_entries() -> list[tuple[str, str]]:
    prefix = "kept:"
    fields = request.form.items(multi=True)
    return [(name.removeprefix(prefix), value) for name, value in fields if name.startswith(prefix)]


def _keep_asking(form: SignInForm) -> ResponseReturnValue:
    return error_pages.page_with_entries(
        _("Your session has ended. What you typed was kept. Sign in and send it again."),
        HTTPStatus.OK,
        action=own_path(request.form["kept_action"]),
        entries=_kept_entries(),
        sign_in=True,
        problem=str(next(message for messages in form.errors.values() for message in messages)),
    )


def _after_sign_in(form: SignInForm) -> ResponseReturnValue:
    if half_open_session():
        return _ask_second_proof(form)
    if "kept_action" in request.form:
        message = _("You are signed in again. Check what you typed, then send it.")
        if "kept_files" in request.form:
            message += " " + _("If you had chosen a file, choose it again on the next page.")
        return error_pages.page_with_entries(
            message,
            HTTPStatus.OK,
            action=own_path(request.form["kept_action"]),
            entries=_kept_entries(),
        )
    return redirect(own_path(form.next.data))


def _ask_second_proof(form: SignInForm) -> ResponseReturnValue:
    """Ask for the second proof, carrying along what was typed before the session ended."""
    if "kept_action" in request.form:
        told = services.second_proof_asked.send(
            None,
            action=own_path(request.form["kept_action"]),
            entries=_kept_entries(),
            had_files="kept_files" in request.form,
        )
        for page in (page for _receiver, page in told if page):
            return cast("ResponseReturnValue", page)
    return redirect(url_for("factors.second", next=own_path(form.next.data)))


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out: the session is closed on the server, the browser forgets the pages."""
    token = session.get(TOKEN)
    if token:
        services.sign_out(token, by=signed_in() or SYSTEM, at=clock.now())
    end()
    flash(_("You have signed out."), "success")
    response = redirect(url_for("home.start"))
    response.headers["Clear-Site-Data"] = CLEAR
    return response


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes")
def join(token: str) -> ResponseReturnValue:
    """Accept an invitation with a name and a password, and sign in."""
    invitation = _open_invitation(token)
    if invitation is None:
        return render_template("accounts/link_is_old.html"), HTTPStatus.GONE
    show_help_of(country_of(invitation))
    if services.has_place(invitation):
        facts = _facts(invitation)
        page = render_template("accounts/has_place.html", facts=facts, message=_(ONE_PLACE))
        return page, HTTPStatus.CONFLICT
    form = JoinForm(name=invitation.name)
    form.ask_was_here(had_account=services.had_account(invitation))
    if form.validate_on_submit():
        with form.catch_refusals():
            user = services.accept_invitation(invitation, at=clock.now(), **form.given())
            return _enter_joined(user)
    return answer(
        "accounts/join.html",
        form,
        facts=_facts(invitation),
        least=password_length(invitation.role),
        follows=training_ahead() if invitation.duty else "",
        invitation=invitation,
        token=token,
    )


def _enter_joined(user: User) -> ResponseReturnValue:
    """Sign an invited person in; staff first set up a second factor."""
    proof = services.proof_enough(user, Proof.INVITATION, second_factor=_staff_need_two())
    begin(services.sign_in_joined(user, at=clock.now(), proof=proof, device=this_device()))
    return redirect(url_for("home.start" if proof else "factors.set_up"))


def _facts(of: User | Invitation) -> list[dict[str, str]]:
    """List the facts of an account: address, role, duty, place."""
    # People of a school know their duty; the role behind it would be a second name of one thing.
    duty = (
        (_("Role at the school"), _(DUTY_NAMES[of.duty]))
        if of.duty
        else (_("Role"), _(ROLE_NAMES[of.role]))
    )
    facts = [(_("Email address"), of.email), duty, (_("Place"), place_of(of))]
    return [{"label": label, "value": value} for label, value in facts]


def _open_invitation(token: str) -> Invitation | None:
    found = queries.invitation_by_token(token)
    return found if found and services.is_invitation_open(found, clock.now()) else None


@bp.route("/password-reset", methods=["GET", "POST"])
@public
@limit("10 per hour", methods=["POST"])
def ask_reset() -> ResponseReturnValue:
    """Ask for a link to set a new password."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        services.request_reset(form.given(), at=clock.now())
        flash(
            _("If there is an account with this email address, we have sent an email to it."),
            "success",
        )
        return redirect(url_for("accounts.sign_in"))
    return answer("accounts/ask_reset.html", form)


@bp.route("/password-reset/<token>", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes")
def reset(token: str) -> ResponseReturnValue:
    """Set a new password with a mailed link."""
    found: PasswordReset | None = queries.reset_by_token(token)
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        return render_template("accounts/link_is_old.html"), HTTPStatus.GONE
    form = ResetForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.reset_password(found, form.given(), at=clock.now())
            remember_link(found.user_id, clock.now())
            flash(_("Your new password has been set. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"))
    return answer("accounts/reset.html", form, least=password_length(found.user.role))


@bp.get("/account")
@permit(Permission.ACCOUNT_USE)
def account() -> ResponseReturnValue:
    """Show the person's own account."""
    person = signed_in_person()
    name = {"label": _("Name"), "value": person.name}
    return render_template(
        "accounts/account.html",
        facts=[name, *_facts(person)],
        protected=person.factors_since,
        may_change_address=services.may_change_address(person),
        has_password=services.has_password(person),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@permit(Permission.ACCOUNT_USE)
@limit("20 per 5 minutes", methods=["POST"])
def change_password() -> ResponseReturnValue:
    """Change the person's own password; every session ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        current, new = form.given_both()
        with form.catch_refusals():
            services.change_password(signed_in_person(), current=current, new=new, at=clock.now())
            end()
            flash(_("Your new password has been set. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"))
    person = signed_in_person()
    least, has_password = password_length(person.role), services.has_password(person)
    return answer("accounts/change_password.html", form, least=least, has_password=has_password)


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language of pages and mails."""
    chosen = request.form.get("language", "")
    if chosen not in languages.OF_PAGES:
        raise Missing
    session["language"] = chosen
    person = signed_in()
    if isinstance(person, User):
        services.choose_language(person, chosen, at=clock.now())
    return redirect(own_path(request.form.get("next")))
