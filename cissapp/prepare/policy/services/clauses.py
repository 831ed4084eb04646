"""Writes of a school's choices on clauses, and its responses to changes in the library."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.schema.toolkit import ClauseState
from cissapp.foundation.content.toolkit import Clause
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import School
from cissapp.prepare.policy import queries
from cissapp.prepare.policy.models import PolicyClause, PolicyWording
from cissapp.prepare.policy.rules.clauses import (
    OWN_TEXT_MOST,
    REASON_LEAST,
    Audience,
    ClauseChoice,
    says_the_same,
    unknown_places,
)
from cissapp.prepare.policy.rules.updates import LibraryUpdate, UpdateKind, digest_of, written
from cissapp.prepare.policy.services.texts import lock_policy, touch_draft


class ClauseFacts(Struct, frozen=True):
    """A school's choice for a clause: its own wording by audience, or the reason to leave it out."""

    choice: ClauseChoice
    own: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    reason: str = ""


def choose_clause(
    school: School,
    clause: Clause,
    facts: ClauseFacts,
    known_places: frozenset[str],
    *,
    by: Actor,
    at: datetime,
) -> PolicyClause:
    """Take a clause as it is, change it, or leave it out with a reason; unchanged wording counts as taken.

    `known_places` are the placeholders allowed in braces.
    """
    lock_policy(school)
    asked, facts = facts.choice, _simplest(clause, facts)
    _refuse_wrong(facts, known_places)
    _refuse_unchecked(clause, asked, facts.choice)
    row = queries.clause_rows(school.id).get(clause.id)
    if row is None or _is_other_wording(row, clause):
        row = _written(school, row, clause, facts, by=by, at=at)
    elif (row.choice, row.own, row.reason) == (facts.choice, dict(facts.own), facts.reason):
        return row
    row.choice, row.own = facts.choice, dict(facts.own)
    row.language, row.reason = facts.language, facts.reason
    touch_draft(school, by=by, at=at)
    _record(row, by=by, at=at)
    return row


def _is_other_wording(row: PolicyClause, clause: Clause) -> bool:
    return row.wording_digest != digest_of(clause)


def _simplest(clause: Clause, facts: ClauseFacts) -> ClauseFacts:
    if facts.choice is not ClauseChoice.CHANGED:
        reason = facts.reason if facts.choice is ClauseChoice.LEFT_OUT else ""
        return ClauseFacts(facts.choice, {}, facts.language, reason)
    words = clause.text(facts.language)
    of_library = {
        Audience.ADULTS: words.text,
        Audience.YOUNGER: words.younger or "",
        Audience.OLDER: words.older or "",
    }
    if all(says_the_same(facts.own.get(one, ""), text) for one, text in of_library.items()):
        return ClauseFacts(ClauseChoice.TAKEN, {}, facts.language)
    return ClauseFacts(facts.choice, facts.own, facts.language)


def _refuse_wrong(facts: ClauseFacts, known_places: frozenset[str]) -> None:
    if facts.choice is ClauseChoice.LEFT_OUT and len(facts.reason) < REASON_LEAST:
        message = N_("Explain why your school leaves it out, in at least %(least)s characters.")
        raise Refused(Problem("reason", message, {"least": REASON_LEAST}))
    if facts.choice is not ClauseChoice.CHANGED:
        return
    if not facts.own.get(Audience.ADULTS):
        message = N_("Write the clause in your own words, or leave it out.")
        raise Refused(Problem(Audience.ADULTS, message))
    wrong = []
    for audience, text in facts.own.items():
        unknown = unknown_places(text, known_places)
        if len(text) > OWN_TEXT_MOST:
            message = N_("Use at most %(most)s characters.")
            wrong.append(Problem(audience, message, {"most": OWN_TEXT_MOST}))
        elif unknown:
            message = N_("There is nothing to fill in for %(places)s. Write it in words.")
            names = ", ".join(f"{{{one}}}" for one in unknown)
            wrong.append(Problem(audience, message, {"places": names}))
    if wrong:
        raise Refused(*wrong)


def _refuse_unchecked(clause: Clause, asked: ClauseChoice, choice: ClauseChoice) -> None:
    """Raise `Refused` if a clause on unchecked law is taken in the words of the library."""
    if clause.key.state is not ClauseState.CONFIRM or choice is not ClauseChoice.TAKEN:
        return
    message = N_(
        "Nobody has checked this law yet. Write it as a rule of your school, or leave it out."
    )
    raise Refused(Problem("choice" if asked is choice else Audience.ADULTS, message))


def _written(
    school: School,
    row: PolicyClause | None,
    clause: Clause,
    facts: ClauseFacts,
    *,
    by: Actor,
    at: datetime,
) -> PolicyClause:
    """Store the choice for a clause, with its current wording."""
    wording = keep_wording(clause, at)
    if row is None:
        row = PolicyClause(school_id=school.id, clause_id=clause.id, declined="")
        session.add(row)
    row.wording, row.wording_digest = wording, wording.digest
    row.choice, row.own = facts.choice, dict(facts.own)
    row.language, row.reason, row.declined = facts.language, facts.reason, ""
    row.chosen_at = at
    row.chosen_by_id = by.id  # type: ignore[assignment] # the system chooses for no school
    return row


def keep_wording(clause: Clause, at: datetime) -> PolicyWording:
    """Store the current wording of a clause, once for all schools."""
    digest = digest_of(clause)
    found = session.get(PolicyWording, digest)
    if found is None:
        found = PolicyWording(
            digest=digest,
            clause_id=clause.id,
            version=clause.key.version,
            said=written(clause),
            stored_at=at,
        )
        session.add(found)
        session.flush()
    return found


def take_printed(
    school: School, clauses: list[Clause], language: str, *, by: Actor, at: datetime
) -> None:
    """Store the wording of clauses that were printed as they are without an explicit choice."""
    facts = ClauseFacts(ClauseChoice.TAKEN, language=language)
    for clause in clauses:
        _written(school, None, clause, facts, by=by, at=at)
    session.flush()


def answer_update(
    school: School, update: LibraryUpdate, *, take: bool, by: Actor, at: datetime
) -> None:
    """Accept a change in the library, or keep the school's wording; both are recorded."""
    lock_policy(school)
    row = queries.clause_rows(school.id).get(update.clause.id)
    language = queries.language_of(school, queries.draft_row(school.id))
    if update.kind is UpdateKind.GONE or update.new is None:
        if row is not None:
            row.declined = "" if take else UpdateKind.GONE.value
            row.chosen_at = at
            _record(row, by=by, at=at, update=update.kind, take=take)
            if take:
                session.delete(row)
    elif take or row is None:
        choice = ClauseChoice.TAKEN if take else ClauseChoice.LEFT_OUT
        facts = ClauseFacts(choice, language=language)
        row = _written(school, row, update.new, facts, by=by, at=at)
        _record(row, by=by, at=at, update=update.kind, take=take)
    else:
        row.declined, row.chosen_at = digest_of(update.new), at
        _record(row, by=by, at=at, update=update.kind, take=take)
    touch_draft(school, by=by, at=at)
    session.flush()


def _record(row: PolicyClause, *, by: Actor, at: datetime, **facts: object) -> None:
    row.chosen_at = at
    session.flush()
    record(
        Event.POLICY_CLAUSE_CHOSEN,
        row,
        by=by,
        at=at,
        school_id=row.school_id,
        clause=row.clause_id,
        choice=row.choice,
        **facts,
    )
    session.flush()
