"""The page that stops reminders without signing in."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from cissapp.foundation.access.guard import by_address, public
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.web.help_lines import country_of, show_help_of
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.rules.unsubscribe_links import read_stop_token
from cissapp.learn.learning.views.blueprint import bp
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import person


@bp.get("/reminders/stop/<token>")
@public
def reminders(token: str) -> ResponseReturnValue:
    """Ask whether to stop reminders; nothing changes on GET, since mail scanners follow links."""
    found = _named(token)
    preferences = queries.learner(found.id)
    stopped = preferences is not None and preferences.reminders_stopped_at is not None
    return _page(found, token, stopped=stopped)


@bp.post("/reminders/stop/<token>")
@by_address
def stop_reminders(token: str) -> ResponseReturnValue:
    """Stop the reminders of the person named by the address, and confirm it without a redirect (RFC 8058)."""
    found = _named(token)
    services.stop_reminders(by=found, at=clock.now())
    return _page(found, token, stopped=True)


def _named(token: str) -> User:
    user_id = read_stop_token(token, *secret_keys.accepted_keys())
    found = person(user_id) if user_id else None
    if found is None:
        raise Missing
    return found


def _page(found: User, token: str, *, stopped: bool) -> str:
    """Render the page in the person's language, with their country's numbers and nothing else about them."""
    show_help_of(country_of(found))
    with force_locale(found.language):
        return render_template(
            "learning/reminders.html", token=token, stopped=stopped, language=found.language
        )
