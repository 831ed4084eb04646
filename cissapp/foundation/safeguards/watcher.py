"""Puts the watcher into the application: what the forms ask, and what is kept of a confirmation."""

from flask import Flask, Response, request

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import before_commit
from cissapp.foundation.safeguards import confirmations, services
from cissapp.foundation.safeguards.rules import KIND_NAMES, counts_of, find_signs
from cissapp.foundation.web import content_warnings
from cissapp.foundation.web.content_warnings import (
    WATCHER,
    Counts,
    TextWatcher,
    confirmed_marks,
    has_confirmation,
)


def _count(text: str) -> Counts:
    return counts_of(find_signs(text))


def _keep_confirmation(_answer: Response) -> None:
    """Record what was confirmed with a form that was accepted."""
    if has_confirmation():
        person = signed_in()
        school_id = person.school_id if person else None
        services.confirm(
            (request.endpoint or "", None), school_id=school_id, by=person, at=clock.now()
        )


def init_app(app: Flask) -> None:
    """Register the watcher."""
    app.extensions[WATCHER] = TextWatcher(
        _count, {kind.value: text for kind, text in KIND_NAMES.items()}
    )
    app.jinja_env.globals["confirmed_marks"] = confirmed_marks
    confirmations.init_app(app, content_warnings)
    before_commit(app, _keep_confirmation)
