"""What holds in every database at any time, asked by SQL past the services and their queries."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select, text

from cissapp.certify.certificates.queries import register_checks
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.prepare.applications.rules.machine import MACHINE
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.rules import AppealState, ProposalStatus

# Each query gives what must not be: no row.
NEVER = {
    "two decisions of one round": """
        SELECT application_id, round FROM decision GROUP BY application_id, round HAVING count(*) > 1
    """,
    "two certificates of one cycle": """
        SELECT school_id, cycle FROM certificate GROUP BY school_id, cycle HAVING count(*) > 1
    """,
    "a certificate and its application do not agree": """
        SELECT a.id FROM application a LEFT JOIN certificate c ON c.application_id = a.id
        WHERE (a.outcome = 'certified') <> (c.id IS NOT NULL)
           OR (a.outcome IS NULL AND c.id IS NOT NULL)
    """,
    "an application that no decision and no ruling ended": """
        SELECT a.id FROM application a WHERE a.state = 'decided'
           AND NOT EXISTS (SELECT 1 FROM decision d
             WHERE d.application_id = a.id AND d.round = a.round AND d.outcome = a.outcome)
           AND NOT EXISTS (SELECT 1 FROM appeal p
             WHERE p.application_id = a.id AND p.outcome = 'altered')
    """,
    "a person with two seats": """
        SELECT application_id, person_id FROM seat
        GROUP BY application_id, person_id HAVING count(*) > 1
    """,
    "a seat of a round with two people": """
        SELECT application_id, seat FROM seat
        WHERE left_at IS NULL AND seat NOT IN ('mentor', 'panel')
        GROUP BY application_id, seat, round HAVING count(*) > 1
    """,
    "a decider who assessed": """
        SELECT d.id FROM decision d JOIN review r ON r.application_id = d.application_id
        WHERE r.assessor_id = d.decider_id
    """,
    "a review on a foreign round": """
        SELECT r.id FROM review r JOIN application a ON a.id = r.application_id
        LEFT JOIN submission s ON s.id = r.submission_id
        WHERE s.id IS NULL OR s.application_id <> r.application_id
           OR s.round <> r.round OR r.round > a.round
    """,
    "an open review of an application that is not in review": """
        SELECT r.id FROM review r JOIN application a ON a.id = r.application_id
        WHERE r.state = 'open' AND (a.state <> 'in_review' OR r.round <> a.round)
    """,
    "an open review whose assessor has no seat": """
        SELECT r.id FROM review r WHERE r.state = 'open' AND NOT EXISTS (
          SELECT 1 FROM seat s WHERE s.application_id = r.application_id
            AND s.person_id = r.assessor_id AND s.left_at IS NULL AND s.round = r.round
            AND s.seat LIKE '%assessor')
    """,
    "an application in review without a review": """
        SELECT a.id FROM application a WHERE a.state = 'in_review' AND NOT EXISTS (
          SELECT 1 FROM review r WHERE r.application_id = a.id AND r.round = a.round)
    """,
    "rounds and hand-ins do not agree": """
        SELECT a.id FROM application a WHERE a.round <> (
          SELECT count(*) FROM submission s WHERE s.application_id = a.id)
    """,
    "two first looks at one round": """
        SELECT application_id FROM sift GROUP BY application_id, round HAVING count(*) > 1
    """,
    "a dossier that was sent back and is still with the group": """
        SELECT a.id FROM application a JOIN sift s
          ON s.application_id = a.id AND s.round = a.round
        WHERE NOT s.passed AND a.state <> 'changes_requested'
    """,
    "two open deadlines of a kind and a subject": """
        SELECT kind, subject_id FROM deadline WHERE met_at IS NULL
        GROUP BY kind, subject_id HAVING count(*) > 1
    """,
    "a case whose turn it is of school and group": """
        SELECT a.id FROM application a JOIN deadline d
          ON d.subject_id = a.id AND d.met_at IS NULL
        WHERE (d.kind IN ('changes', 'minor_gaps')) <> (a.state = 'changes_requested')
    """,
    "two moves away from one day": """
        SELECT deadline_id FROM deadline_change GROUP BY deadline_id, from_on HAVING count(*) > 1
    """,
    "two moves by the school": """
        SELECT deadline_id FROM deadline_change WHERE side = 'school'
        GROUP BY deadline_id HAVING count(*) > 1
    """,
    "a day that the last move did not set": """
        SELECT d.id FROM deadline d WHERE d.due_on <> d.first_due_on AND NOT EXISTS (
          SELECT 1 FROM deadline_change c WHERE c.deadline_id = d.id AND c.to_on = d.due_on
            AND NOT EXISTS (SELECT 1 FROM deadline_change n
              WHERE n.deadline_id = d.id AND n.from_on = c.to_on))
    """,
    "two open drills of a school": """
        SELECT school_id FROM drill WHERE state IN ('prepared', 'running')
        GROUP BY school_id HAVING count(*) > 1
    """,
    "an open drill without a deadline": """
        SELECT r.id FROM drill r WHERE r.state IN ('prepared', 'running') AND NOT EXISTS (
          SELECT 1 FROM deadline d WHERE d.subject_id = r.id AND d.met_at IS NULL)
    """,
    "an appeal that is open and has no deadline, or the other way round": """
        SELECT p.id FROM appeal p WHERE (p.state = 'filed') <> EXISTS (
          SELECT 1 FROM deadline d WHERE d.subject_id = p.id AND d.met_at IS NULL)
    """,
}


def violations() -> list[str]:
    """Name everything in the database that must not be."""
    found = [
        f"{name}: {len(rows)}"
        for name, query in NEVER.items()
        if (rows := session.execute(text(query)).all())
    ]
    fault = register_checks.first_fault(files())
    return [*found, *([f"register: {fault}"] if fault else []), *_steps(), *_panels()]


def _steps() -> Iterator[str]:
    """Follow every application in the audit trail: each step leads from where the last one ended."""
    arrows = {(source, one.target) for one in MACHINE.values() for source in one.sources}
    query = select(AuditEntry.subject_id, AuditEntry.facts).where(
        AuditEntry.subject_type == "application"
    )
    rows = session.execute(query.order_by(AuditEntry.subject_id, AuditEntry.id))
    for key, group in groupby(rows, key=lambda one: one.subject_id):
        steps = [one.facts for one in group if "old" in one.facts]
        ends = [one["new"] for one in steps]
        if any((one["old"], one["new"]) not in arrows for one in steps):
            yield f"a step that the machine does not know: {key}"
        if any(one["old"] != end for one, end in zip(steps[1:], ends, strict=False)):
            yield f"a step from a state that was left before: {key}"


def _panels() -> Iterator[str]:
    """Ask every appeal for its proposals: one is open at most, one is the ruling, and it was carried out."""
    for appeal in session.scalars(select(Appeal)):
        standings = [one.standing for one in appeal.proposals]
        ruled = standings.count(ProposalStatus.ACCEPTED)
        if standings.count(ProposalStatus.OPEN) > 1 or ruled > 1:
            yield f"an appeal with proposals {standings}"
        if (ruled == 1) is not (appeal.state is AppealState.DECIDED):
            yield f"an appeal that is {appeal.state} with proposals {standings}"
