"""The forms of providers."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from cissapp.foundation.web.forms import Form
from cissapp.people.sign_on.rules import LONGEST_ADDRESS
from cissapp.people.sign_on.services import ProviderFacts

COUNTRY, GROUP = "country:", "group:"


class SecretForm(Form):
    """The secret that an organisation has given us."""

    client_secret = PasswordField(
        _l("Client secret"),
        [InputRequired(_l("Enter the client secret.")), Length(max=500)],
        render_kw={"autocomplete": "off"},
    )

    def given_secret(self) -> str:
        """Return the secret."""
        return self.client_secret.data or ""


class ProviderForm(SecretForm):
    """A provider as the secretariat enters it."""

    exempt = {
        "name": "the name of an organisation",
        "issuer": "the address of a service",
        "client_id": "an identifier that the organisation gave",
    }

    name = StringField(
        _l("Name of the organisation"),
        [DataRequired(_l("Enter the name of the organisation.")), Length(max=120)],
    )
    scope = SelectField(
        _l("Whose people can sign in with it"),
        [InputRequired(_l("Choose whose people can sign in with it."))],
    )
    issuer = StringField(
        _l("Address of its sign-in service (issuer)"),
        [DataRequired(_l("Enter the address of the service.")), Length(max=LONGEST_ADDRESS)],
        render_kw={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"},
    )
    client_id = StringField(
        _l("Client ID"),
        [DataRequired(_l("Enter the client ID.")), Length(max=255)],
        render_kw={"spellcheck": "false", "autocomplete": "off"},
    )

    def offer(self, countries: list[tuple[str, str]], groups: list[tuple[UUID, str]]) -> None:
        """Offer countries (their ministry and region officers) and national groups."""
        self.scope.choices = [
            ("", _l("Choose")),
            *((f"{COUNTRY}{code}", name) for code, name in countries),
            *((f"{GROUP}{group_id}", name) for group_id, name in groups),
        ]

    def given(self) -> ProviderFacts:
        """Return what was entered."""
        scope = self.scope.data or ""
        return ProviderFacts(
            name=self.name.data or "",
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            secret=self.given_secret(),
            country_code=scope.removeprefix(COUNTRY) if scope.startswith(COUNTRY) else None,
            group_id=UUID(scope.removeprefix(GROUP)) if scope.startswith(GROUP) else None,
        )


class LinkForm(Form):
    """Asks for the person's own password before an organisation's account is linked."""

    password = PasswordField(
        _l("Your CISS password"),
        [InputRequired(_l("Enter your password.")), Length(max=1024)],
        render_kw={"autocomplete": "current-password"},
    )
