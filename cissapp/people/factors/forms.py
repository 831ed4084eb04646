"""The forms of factors: a proof, a new app, a new passkey."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from cissapp.foundation.web.forms import Form
from cissapp.people.accounts.rules import Proof
from cissapp.people.factors.rules import NAME_LENGTH
from cissapp.people.factors.services import GivenProof

CODE_MARKS, PASSWORD_MARKS, CREDENTIAL_MARKS = 40, 1024, 20_000
KINDS = {
    "code": Proof.APP_CODE,
    "recovery_code": Proof.RECOVERY_CODE,
    "credential": Proof.PASSKEY,
    "password": Proof.PASSWORD,
}


class ProofForm(Form):
    """One proof of several kinds: each has its own form on the page."""

    exempt = {
        "code": "six digits of an app, compared and never kept",
        "recovery_code": "a code of ours, compared and never kept",
    }

    code = StringField(
        _l("Six-digit code"),
        [Length(max=CODE_MARKS)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    recovery_code = StringField(
        _l("Recovery code"),
        [Length(max=CODE_MARKS)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [Length(max=PASSWORD_MARKS)],
        render_kw={"autocomplete": "current-password"},
    )
    credential = HiddenField(validators=[Length(max=CREDENTIAL_MARKS)])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        for name in KINDS:
            self[name].flags.required = True

    def given(self) -> GivenProof | None:
        """Return the proof that was sent; None for an empty form."""
        for name, kind in KINDS.items():
            if self[name].data:
                return GivenProof(kind, self[name].data)
        return None


class AppForm(Form):
    """The first code of a new app."""

    exempt = {"code": "six digits of an app, compared and never kept"}

    code = StringField(
        _l("Six-digit code"),
        [Length(max=CODE_MARKS)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.code.flags.required = True


class PasskeyForm(Form):
    """A new passkey: what the browser created, and the name the person gives it."""

    exempt = {"name": "how an adult calls an own device, such as 'my phone'"}

    name = StringField(_l("Name of the passkey"), [Length(max=NAME_LENGTH)])
    credential = HiddenField(validators=[Length(max=CREDENTIAL_MARKS)])
