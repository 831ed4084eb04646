"""What the cookie of a session holds: its token, the language, and the time of the last page view."""

from datetime import UTC, datetime
from uuid import UUID

from flask import g, session
from flask_babel import refresh

from cissapp.foundation.core import clock
from cissapp.people.accounts import services
from cissapp.people.accounts.rules import LINK_COUNTS_FOR, SEEN_EVERY

TOKEN = "token"  # noqa: S105 -- the name of the cookie's entry
SEEN = "seen"
BY_LINK = "by_link"
AWAKE = "awake"  # the token that was looked up at the start of a write, and its person
CONFIRMED = "ciss_session_confirmed"  # when the person of this request last proved who they are
NOTED = "noted"  # the session whose use is written down at the end of a write


def begin(token: str) -> None:
    """Start a fresh cookie with this session's token: only the language is kept, and the old session ends."""
    if TOKEN in session:
        services.end_replaced(session[TOKEN], at=clock.now())
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session[TOKEN] = token
    _forget_person()


def renew(token: str) -> None:
    """Continue with the new token of the same session; the rest of the cookie is this person's and stays."""
    session[TOKEN] = token
    _forget_person()


def end() -> None:
    """Forget the session in the cookie."""
    session.clear()
    _forget_person()


def remember_link(user_id: UUID, at: datetime) -> None:
    """Record in the cookie that a mailed link was used here: strangers use up none of its attempts."""
    session[BY_LINK] = [str(user_id), int((at + LINK_COUNTS_FOR).timestamp())]


def came_by_link(at: datetime) -> UUID | None:
    """Return whose mailed link was recently used in this browser."""
    found = session.get(BY_LINK)
    return UUID(found[0]) if found and at.timestamp() < found[1] else None


def _forget_person() -> None:
    """Make the rest of this request look up the person and the language again."""
    g.pop("_login_user", None)
    g.pop(AWAKE, None)
    g.pop(NOTED, None)
    g.pop(CONFIRMED, None)
    refresh()


def last_seen() -> datetime | None:
    """Return when a page was last viewed; a page view records nothing else."""
    seconds = session.get(SEEN)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def remember_look(at: datetime) -> None:
    """Record a page view in the cookie, at most once a minute."""
    seen_at = last_seen()
    if seen_at is None or at - seen_at > SEEN_EVERY:
        session[SEEN] = int(at.timestamp())
