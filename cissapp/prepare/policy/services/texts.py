"""Writes of answers, own paragraphs and language; they stay open after submission, as work continues."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.form_drafts.services import reread_unchanged
from cissapp.people.schools.models import School
from cissapp.prepare.policy import queries
from cissapp.prepare.policy.models import PolicyAnswer, PolicyDraft, PolicyParagraph
from cissapp.prepare.policy.rules.answers import answer_problem

MOST_PARAGRAPHS = 40


def lock_policy(school: School) -> None:
    """Lock the policy of this school against concurrent changes."""
    db.lock(f"policy:{school.id}")


def save_answers(
    school: School, said: Mapping[str, Sequence[str]], *, by: Actor, at: datetime
) -> list[str]:
    """Save answers by question id, deleting empty ones; return the ids of the questions that changed.

    Partial answers are saved, but a single invalid one refuses them all.
    """
    lock_policy(school)
    questions = {one.id: one for one in content().toolkit.questions}
    wrong = [
        problem
        for key, answer in said.items()
        if key in questions and (problem := answer_problem(questions[key], answer))
    ]
    if wrong:
        raise Refused(*wrong)
    rows = queries.answers(school.id)
    changed = []
    for key, answer in said.items():
        row = rows.get(key)
        if key not in questions or list(answer) == (list(row.said) if row else []):
            continue
        changed.append(key)
        if not answer and row:
            session.delete(row)
            continue
        if row is None:
            row = PolicyAnswer(school_id=school.id, question_id=key)
            session.add(row)
        row.said, row.saved_at = list(answer), at
        row.saved_by_id = by.id  # type: ignore[assignment] # the system answers for no school
    if changed:
        draft = touch_draft(school, by=by, at=at)
        record(
            Event.POLICY_ANSWERED,
            draft,
            by=by,
            at=at,
            school_id=school.id,
            questions=sorted(changed),
        )
    session.flush()
    return changed


def touch_draft(school: School, *, by: Actor, at: datetime) -> PolicyDraft:
    """Return the policy of a school with its time of change set, creating it if necessary."""
    row = queries.draft_row(school.id)
    if row is None:
        row = PolicyDraft(
            school_id=school.id, language=queries.language_of(school, None), library_version=""
        )
        session.add(row)
    row.changed_at = at
    row.changed_by_id = by.id  # type: ignore[assignment] # the system writes no policy
    session.flush()
    return row


def choose_language(school: School, language: str, *, by: Actor, at: datetime) -> None:
    """Choose the language of the policy; do nothing if it is the same."""
    lock_policy(school)
    if language not in queries.languages_of(content().toolkit):
        raise Refused(Problem("language", N_("Choose one of the languages offered.")))
    if queries.language_of(school, queries.draft_row(school.id)) == language:
        return
    row = touch_draft(school, by=by, at=at)
    row.language = language
    record(Event.POLICY_LANGUAGE_CHOSEN, row, by=by, at=at, school_id=school.id, language=language)
    session.flush()


def add_paragraph(
    school: School, section: str, text: str, *, by: Actor, at: datetime
) -> PolicyParagraph:
    """Add a paragraph to a section, or return the identical one if it exists."""
    lock_policy(school)
    present = queries.paragraphs(school.id)
    for one in present:
        if (one.section, one.text) == (section, text):
            return one
    if len(present) >= MOST_PARAGRAPHS:
        message = N_("You can keep at most %(most)s paragraphs of your own here.")
        raise Refused(Problem("many", message, {"most": MOST_PARAGRAPHS}))
    row = PolicyParagraph(school_id=school.id, section=section, text=text, added_at=at)
    row.added_by_id = by.id  # type: ignore[assignment] # the system writes no policy
    session.add(row)
    session.flush()
    _record(row, "added", by=by, at=at)
    return row


def change_paragraph(row: PolicyParagraph, text: str, *, by: Actor, at: datetime) -> None:
    """Change a paragraph."""
    reread_unchanged(row, ["text"])
    if row.text == text:
        return
    row.text = text
    _record(row, "changed", by=by, at=at)


def remove_paragraph(row: PolicyParagraph, *, by: Actor, at: datetime) -> None:
    """Remove a paragraph."""
    session.delete(row)
    _record(row, "removed", by=by, at=at)


def _record(row: PolicyParagraph, what: str, *, by: Actor, at: datetime) -> None:
    touch_draft(session.get_one(School, row.school_id), by=by, at=at)
    record(
        Event.POLICY_PARAGRAPH_CHANGED,
        row,
        by=by,
        at=at,
        school_id=row.school_id,
        section=row.section,
        what=what,
    )
    session.flush()
