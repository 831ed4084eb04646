"""Import of schools, for programs: tried or carried out, and recognised when it is sent again."""

import hashlib
from collections import Counter
from typing import Any

from flask import request
from flask_babel import force_locale

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.forms import text_of
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.document import KEY_HEADER
from cissapp.oversee.api.rules.shapes import changes
from cissapp.oversee.api.services import imports, tokens
from cissapp.oversee.api.views.asking import Call, answers, body_of
from cissapp.oversee.api.views.blueprint import ApiProblem
from cissapp.people.school_lists.rules import RowOutcome

KEY_MARKS = 100


@answers(o.IMPORT)
def import_schools(call: Call) -> changes.ImportAnswer:
    """Import a list of schools, or only try it."""
    values: changes.ImportValues = call.values
    dry_run = values.dry_run == "true"
    given = body_of(o.IMPORT)
    key, digest = _key(), _digest(call)
    before = _earlier(call, key, digest) if key and not dry_run else None
    if before:
        return before
    brought = _brought(call, given, dry_run=dry_run)
    answer = _answer(brought, dry_run=dry_run, lines_before=0 if given is None else 1)
    if key and not dry_run:
        kept = answer.model_dump(mode="json")
        _keep(call, key, digest, kept)
    return answer


def _key() -> str:
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return ""
    # A client that sends an empty key relies on a list not being imported twice.
    if not 1 <= len(key) <= KEY_MARKS or not all("!" <= mark <= "~" for mark in key):
        message = f"is 1 to {KEY_MARKS} visible ASCII characters"
        errors = [{"where": KEY_HEADER, "message": message}]
        raise ApiProblem("invalid_parameters", errors=errors)
    return key


def _digest(call: Call) -> str:
    """Return the digest that identifies a request: its group, its media type and its bytes."""
    about = f"{call.person.group_id} {request.mimetype}\n".encode()
    return hashlib.sha256(about + request.get_data()).hexdigest()


def _earlier(call: Call, key: str, digest: str) -> changes.ImportAnswer | None:
    """Return the answer that the same request got before."""
    try:
        found = tokens.earlier_answer(call.person, key, digest)
    except Refused as refused:
        raise ApiProblem("key_used_otherwise") from refused
    return changes.ImportAnswer.model_validate(found) if found else None


def _keep(call: Call, key: str, digest: str, answer: dict[str, Any]) -> None:
    """Store the answer; of two simultaneous requests with one key, the second leaves nothing behind."""
    try:
        tokens.keep_answer(call.person, key, digest, answer, at=clock.now())
    except Refused as refused:
        raise ApiProblem("still_running") from refused


def _brought(
    call: Call, given: changes.SchoolImport | None, *, dry_run: bool
) -> imports.BroughtList:
    person, at, most = call.person, clock.now(), changes.MOST_SCHOOLS
    if given is None:
        whole = request.get_data()
    else:
        whole = imports.csv_of_rows([row.model_dump() for row in given.schools])
    name = f"{call.token.name} (API).csv"
    try:
        if dry_run:
            return imports.try_schools(whole, content().countries, most, by=person, at=at)
        return imports.bring_schools(whole, name, most, by=person, at=at, store=files())
    except Refused as refused:
        raise _invalid(refused) from refused


def _invalid(refused: Refused) -> ApiProblem:
    with force_locale("en"):
        errors = [
            {"where": problem.code, "message": text_of(problem)} for problem in refused.problems
        ]
    return ApiProblem("invalid_body", errors=errors)


def _answer(
    brought: imports.BroughtList, *, dry_run: bool, lines_before: int
) -> changes.ImportAnswer:
    with force_locale("en"):
        rows = [_row(row, lines_before) for row in brought.rows]
    counts = Counter(row.result.outcome for row in brought.rows)
    return changes.ImportAnswer(
        dry_run=dry_run,
        counts={outcome.value: counts[outcome] for outcome in RowOutcome},
        unknown_columns=brought.unknown,
        rows=rows,
    )


def _row(row: imports.BroughtRow, lines_before: int) -> changes.ImportedRow:
    return changes.ImportedRow(
        row=row.number - lines_before,
        code=row.code,
        name=row.name,
        outcome=row.result.outcome.value,
        problems=[
            changes.RowProblem(field=problem.code, message=text_of(problem))
            for problem in row.result.problems
        ],
    )
