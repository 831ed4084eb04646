"""The forms of tokens and webhooks."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.oversee.api.rules.tokens import NAME_MARKS, SCOPE_NAMES, TokenScope
from cissapp.oversee.api.rules.webhooks import URL_MARKS, WebhookKind


class TokenForm(Form):
    """A new token: its name, what it is for, and its last day."""

    name = StringField(
        _l("Name or title"),
        [
            DataRequired(_l("Enter what the token is for, so that you can recognise it later.")),
            Length(max=NAME_MARKS),
        ],
        description=_l("To help you recognise it later, for example “Ministry dashboard”."),
        render_kw={"maxlength": NAME_MARKS, "autocomplete": "off"},
    )
    scopes = Ticks(
        _l("What it may do"),
        [InputRequired(_l("Choose at least one thing that the token can do."))],
    )
    ends_on = DateField(
        _l("Last day"),
        [InputRequired(_l("Choose the token’s last day."))],
        description=_l(
            "No more than a year from today. Choose the shortest time that works for you."
        ),
    )

    def offer(self, scopes: Iterable[TokenScope]) -> None:
        """Offer the scopes that the person's role includes."""
        self.scopes.choices = [(scope.value, _l(SCOPE_NAMES[scope])) for scope in scopes]

    def given(self) -> tuple[str, list[TokenScope], date]:
        """Return name, scopes and last day."""
        assert self.ends_on.data  # noqa: S101 -- asked only of a valid form
        return (
            self.name.data or "",
            [TokenScope(one) for one in self.scopes.data or []],
            self.ends_on.data,
        )


class WebhookForm(Form):
    """A new webhook: its address, and the kinds of messages it gets."""

    exempt = {"url": "the address of a program"}

    url = StringField(
        _l("Address of your program"),
        [DataRequired(_l("Enter the address of your program.")), Length(max=URL_MARKS)],
        description=_l("It must begin with https:// and be on the public internet."),
        render_kw={"type": "url", "inputmode": "url", "autocomplete": "off"},
    )
    kinds = Ticks(_l("What to tell it about"), [InputRequired(_l("Choose at least one."))])

    def offer(self, kinds: Iterable[tuple[WebhookKind, str]]) -> None:
        """Offer the kinds of messages."""
        self.kinds.choices = [(kind.value, name) for kind, name in kinds]

    def given(self) -> tuple[str, list[str]]:
        """Return the address and the kinds of messages."""
        return self.url.data or "", list(self.kinds.data or [])
