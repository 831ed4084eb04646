"""Creates, finds and ends tokens."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import CursorResult, delete, or_, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, session, unit_of_work
from cissapp.foundation.core.errors import Busy, Problem, Refused
from cissapp.oversee.api.models import AnsweredRequest, ApiToken
from cissapp.oversee.api.queries import tokens as queries
from cissapp.oversee.api.rules.tokens import (
    HINT_MARKS,
    LONGEST,
    NOTED_EVERY,
    TokenEnd,
    TokenScope,
    end_of,
    new_token,
    token_problems,
)
from cissapp.people.accounts.models import User

ANSWERS_KEPT = timedelta(days=7)


class EndedToken(Struct, frozen=True):
    """A token that no longer works: since when, and why."""

    at: datetime
    because: TokenEnd


def make_token(
    name: str, scopes: Sequence[TokenScope], ends_on: date, *, by: Actor, at: datetime
) -> str:
    """Create a token and return it, since it is stored nowhere else; raise `Refused` if it is not allowed."""
    _lock_tokens(by)
    if isinstance(by, User):
        # The region may have been changed meanwhile, which ended the tokens of before.
        session.refresh(by)
    live = queries.live_tokens(by, at=at)
    problems = token_problems(list(scopes), ends_on, person=by, today=at.date(), live=live)
    if problems or by.id is None or by.role is None:
        raise Refused(*problems)
    text = new_token()
    made = ApiToken(
        token_hash=hash_of(text),
        hint=text[:HINT_MARKS],
        user_id=by.id,
        name=name,
        scopes=[scope.value for scope in TokenScope if scope in scopes],
        **_place_of(by),
        made_at=at,
        ends_at=end_of(ends_on),
    )
    session.add(made)
    session.flush()
    facts: dict[str, Any] = {"scopes": made.scopes, "ends_on": ends_on.isoformat()}
    record(Event.API_TOKEN_MADE, made, by=by, at=at, **facts)
    session.flush()
    return text


def _lock_tokens(person: Actor) -> None:
    lock(f"tokens of {person.id}")


def _place_of(person: Actor) -> dict[str, Any]:
    return {
        "role": person.role,
        "group_id": person.group_id,
        "country_code": person.country_code,
        "region_code": person.region_code,
    }


def end_token(token: ApiToken, because: TokenEnd, *, by: Actor, at: datetime) -> None:
    """End a token; one that has ended stays as it is."""
    if token.ended_at is not None:
        return
    token.ended_at, token.ended_because = at, because
    record(Event.API_TOKEN_ENDED, token, by=by, at=at, because=because.value)
    session.flush()


def end_tokens_of(person: User, *, at: datetime) -> None:
    """End the tokens of a person who left or got another region; with the old region they would work again."""
    _lock_tokens(person)
    because = TokenEnd.ROLE_CHANGED if person.is_active else TokenEnd.PERSON_LEFT
    for token in queries.unended_tokens(person):
        end_token(token, because, by=SYSTEM, at=at)


def known_token(text: str) -> ApiToken | None:
    """Find the token that a program sent; None if it is unknown."""
    if len(text) > LONGEST or not text.isascii():
        return None
    return queries.by_text(text)


def end_of_token(token: ApiToken, *, at: datetime) -> EndedToken | None:
    """Return when and why a token stopped working; None if it still works."""
    person = token.user
    if token.ended_at and token.ended_because:
        return EndedToken(token.ended_at, token.ended_because)
    if not person.is_active:
        return EndedToken(person.deactivated_at or person.ends_at or at, TokenEnd.PERSON_LEFT)
    if any(getattr(token, name) != value for name, value in _place_of(person).items()):
        return EndedToken(at, TokenEnd.ROLE_CHANGED)
    return EndedToken(token.ends_at, TokenEnd.DATE) if token.ends_at <= at else None


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Record the use of a token at most every ten minutes, in its own unit of work.

    A read is not refused because the database cannot be written to.
    """
    if token.last_used_at and at - token.last_used_at < NOTED_EVERY:
        return
    before = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at)
    with suppress(DBAPIError), unit_of_work():
        session.execute(
            update(ApiToken)
            .where(ApiToken.id == token.id, before)
            .values(last_used_at=at)
            .execution_options(synchronize_session=False)
        )


# --- requests that are repeated --------------------------------------------------------------------


def earlier_answer(person: Actor, key: str, sha256: str) -> dict[str, Any] | None:
    """Return the stored answer to the same request; raise `Refused` if the key was used for another one."""
    found = queries.answered(person, key)
    if found is None:
        return None
    if found.sha256 != sha256:
        raise Refused(Problem("key_used_otherwise", ""))
    return found.answer


def keep_answer(
    person: Actor, key: str, sha256: str, answer: dict[str, Any], *, at: datetime
) -> None:
    """Store the answer to a request in the transaction of its change.

    Raise `Busy` if another request with this key came first: the change must then be rolled back.
    """
    assert person.id  # noqa: S101 -- whoever has a token has an account
    session.add(
        AnsweredRequest(user_id=person.id, key=key, sha256=sha256, answer=answer, answered_at=at)
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise Busy(Problem("still_running", "")) from error


def forget_answers(*, at: datetime) -> int:
    """Delete the answers that are more than a week old; return how many."""
    old = delete(AnsweredRequest).where(AnsweredRequest.answered_at < at - ANSWERS_KEPT)
    gone = session.execute(old)
    return gone.rowcount if isinstance(gone, CursorResult) else 0
