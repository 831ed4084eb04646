"""The forms of accounts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from cissapp.foundation.web.forms import Form

PASSWORD_MARKS = 1024


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _l("Email address"),
        [InputRequired(_l("Enter your email address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password.")), Length(max=PASSWORD_MARKS)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()

    def given(self) -> tuple[str, str]:
        """Return address and password."""
        return self.email.data or "", self.password.data or ""


class JoinForm(Form):
    """Name and first password of an invited person."""

    exempt = {"name": "the name of an adult with an account"}

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Enter your name.")), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )
    # Asked only where the address has a closed account: schools pass addresses on.
    was_here = RadioField(
        _l("Was the closed account yours?"),
        [InputRequired(_l("Choose whether the closed account was yours."))],
        description=_l(
            "There was an account with this email address, and it was closed. What one person has passed does not count for another."
        ),
    )
    password = PasswordField(
        _l("Choose a password"),
        [InputRequired(_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )

    def ask_was_here(self, *, had_account: bool) -> None:
        """Ask whose a closed account was, or leave the question out where there is none."""
        if not had_account:
            del self.was_here
            return
        self.was_here.choices = [
            ("yes", _("Yes. I was here before, and what I have passed still counts")),
            ("no", _("No. I am new at this address")),
        ]

    def given(self) -> dict[str, Any]:
        """Return name and password, and whether a closed account was the person's, or None where this was not asked."""
        was_here = self.was_here.data == "yes" if "was_here" in self else None
        return {
            "name": self.name.data or "",
            "password": self.password.data or "",
            "was_here": was_here,
        }


class NameForm(Form):
    """The own name."""

    exempt = JoinForm.exempt

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Enter your name.")), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )

    def given(self) -> str:
        """Return the name."""
        return self.name.data or ""


class ResetRequestForm(Form):
    """The address of an account."""

    email = EmailField(
        _l("Email address"),
        [
            InputRequired(_l("Enter your email address.")),
            Email(_l("Enter an email address like name@school.example.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )

    def given(self) -> str:
        """Return the address."""
        return self.email.data or ""


class ResetForm(Form):
    """A new password."""

    new_password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )

    def given(self) -> str:
        """Return the password."""
        return self.new_password.data or ""


class ChangePasswordForm(ResetForm):
    """The current password and a new one."""

    current_password = PasswordField(
        _l("Current password"),
        [InputRequired(_l("Enter your current password.")), Length(max=PASSWORD_MARKS)],
        render_kw={"autocomplete": "current-password"},
    )

    def given_both(self) -> tuple[str, str]:
        """Return the current and the new password."""
        return self.current_password.data or "", self.new_password.data or ""


class NewAddressForm(Form):
    """A new address of the own account, and the current password."""

    email = EmailField(
        _l("New email address"),
        [
            InputRequired(_l("Enter your email address.")),
            Email(_l("Enter an email address like name@school.example.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    current_password = PasswordField(
        _l("Current password"),
        [InputRequired(_l("Enter your current password.")), Length(max=PASSWORD_MARKS)],
        render_kw={"autocomplete": "current-password"},
    )

    def given(self) -> str:
        """Return the address."""
        return self.email.data or ""
