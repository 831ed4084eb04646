"""The way to show that it is they, for people who have a second factor and no password."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cissapp.people.accounts.models import User


def way_to_confirm(
    _sender: Any, *, person: User | None = None, next_path: str | None = None
) -> list[tuple[str, str]]:
    """List the label and address of the page that asks for a second factor, if this person has one."""
    if person is None or person.factors_since is None:
        return []
    return [(_("Confirm with your passkey or a code"), url_for("factors.confirm", next=next_path))]
