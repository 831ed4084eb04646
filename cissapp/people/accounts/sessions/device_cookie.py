"""The cookie by which the sign-in page recognises a browser; no other page receives it."""

from datetime import timedelta

from flask import Response, current_app, request, session

from cissapp.foundation.core import clock
from cissapp.people.accounts import services
from cissapp.people.accounts.sessions.cookie import TOKEN

PATH = "/sign-in"
KEPT_FOR = timedelta(days=180)
# A school's computer has several users; a list longer than this was not set by us.
MOST, LONGEST = 4, 400


def _name() -> str:
    return "__Secure-ciss-device" if current_app.config["SESSION_COOKIE_SECURE"] else "ciss-device"


def device_marks() -> tuple[str, ...]:
    """Return the marks that this browser brings along."""
    return tuple(request.cookies.get(_name(), "")[:LONGEST].split("!")[:MOST])


def remember_device(response: Response) -> None:
    """Set the cookie in a browser in which a person has just signed in with every proof required."""
    if not request.path.startswith(PATH):
        return
    found = services.open_session_of(session.get(TOKEN, ""), at=clock.now())
    if found is None:
        return
    marks = device_marks()
    own = services.known_mark(found.user, marks)
    others = [mark for mark in marks if mark and mark != own]
    response.set_cookie(
        _name(),
        "!".join([own or services.new_mark(found.user), *others][:MOST]),
        max_age=KEPT_FOR,
        path=PATH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
