"""Entries of a form that had to wait for a proof: carried along, and sent on afterwards."""

from http import HTTPStatus

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec import Struct, field

from cissapp.foundation.web import error_pages
from cissapp.foundation.web.own_paths import own_path

PREFIX = "kept:"


class KeptEntries(Struct, frozen=True):
    """Where somebody was going: a page, or a form with its entries."""

    next: str = "/"
    action: str | None = None
    entries: list[tuple[str, str]] = field(default_factory=list)
    had_files: bool = False

    @classmethod
    def of_request(cls) -> "KeptEntries":
        """Build from the form that this request sent."""
        return cls(
            action=request.path,
            entries=error_pages.typed_entries(),
            had_files=bool(request.files),
        )

    @classmethod
    def carried(cls) -> "KeptEntries":
        """Read what a page that asked for a proof carries along."""
        action = request.form.get("kept_action")
        return cls(
            next=own_path(request.values.get("next")),
            action=own_path(action) if action else None,
            entries=[
                (name.removeprefix(PREFIX), value)
                for name, value in request.form.items(multi=True)
                if name.startswith(PREFIX)
            ],
            had_files="kept_files" in request.form,
        )

    def fields(self) -> list[tuple[str, str]]:
        """List the hidden fields that carry all of it along."""
        if self.action is None:
            return [("next", self.next)]
        files = [("kept_files", "1")] if self.had_files else []
        kept = [(f"{PREFIX}{name}", value) for name, value in self.entries]
        return [("kept_action", self.action), *files, *kept]

    def go_on(self, message: str) -> ResponseReturnValue:
        """Continue to where the person was going; a form is shown once more, with all its entries."""
        if self.action is None:
            return redirect(self.next)
        if self.had_files:
            message += " " + _("If you had chosen a file, choose it again on the next page.")
        return error_pages.page_with_entries(
            message, HTTPStatus.OK, action=self.action, entries=self.entries
        )

    def sign_in_again(self) -> ResponseReturnValue:
        """Ask for address and password, since the waiting session has ended."""
        return error_pages.page_with_entries(
            _("Your session has ended. What you typed was kept. Sign in and send it again."),
            HTTPStatus.OK,
            action=self.action or "/",
            entries=self.entries,
            sign_in=True,
        )
