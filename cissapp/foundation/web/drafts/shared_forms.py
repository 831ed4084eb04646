"""Forms for what several people share: nobody replaces what they have not seen."""

from typing import Any

from flask import request
from flask_babel import gettext

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.errors import N_
from cissapp.foundation.form_drafts.rules import Values, digest
from cissapp.foundation.web.drafts import inputs
from cissapp.foundation.web.drafts.exclusions import SUGGESTED
from cissapp.foundation.web.drafts.ticket import Ticket, sent_ticket
from cissapp.foundation.web.forms import Form, ShownProblem

CHANGED_SINCE = N_(
    "This was changed after you opened the page. What is saved now is shown below, and your text is still in the fields. Compare them, then save again."
)


class SharedForm(Form):
    """A form that replaces texts of several people.

    The signed ticket of the form (`web.Ticket`) says what its fields held when the page was shown. If one of
    them has changed since, the first save is refused, and shows what is saved beside what was typed; fields
    that the person left alone take over what is saved. A save that says the same takes nothing away. Without
    a ticket nothing was seen, and nothing is compared. On PostgreSQL somebody may save between this comparison
    and the write: where a row is replaced, its service reads it again (`form_drafts.reread_unchanged`).
    """

    is_shared = True
    # Whether the same person saved last: a form that saves by itself changes the fields under its own page.
    is_own = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the form, then that what it replaces is what its page has shown."""
        good = super().validate(extra_validators)
        ticket = None if self.is_own else self._ticket()
        if ticket is None:
            return good
        saved, sent = inputs.saved_values(self), inputs.values_of_form(self)
        lost = [name for name in _changed(ticket, saved) if _differ(sent.get(name), saved[name])]
        if not lost:
            return good
        self.overtaken = [
            inputs.shown_value(self, name, sent.get(name, []), saved[name]) for name in lost
        ]
        self.base_now = {name: digest(values) for name, values in saved.items()}
        alone = [name for name in lost if digest(sent.get(name, [])) == ticket.base[name]]
        inputs.pour(self, {name: saved[name] for name in alone})
        self.problems.append(ShownProblem(gettext(CHANGED_SINCE), None))
        return False

    def _ticket(self) -> Ticket | None:
        """Return the ticket that came with this form, if it is one of its kind."""
        ticket = None if request.method in SAFE_METHODS else sent_ticket(signed_in())
        kind = f"{self._prefix}{type(self).__name__}"
        return ticket if ticket and ticket.form.partition(" ")[0] == kind else None


def _changed(ticket: Ticket, saved: Values) -> list[str]:
    """List the inputs that hold something else than on the page."""
    return [
        name
        for name, before in ticket.base.items()
        if name in saved and name not in SUGGESTED and digest(saved[name]) != before
    ]


def _differ(sent: list[str] | None, saved: list[str]) -> bool:
    return digest(sent or []) != digest(saved)
