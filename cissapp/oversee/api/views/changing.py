"""Import of schools, for programs: tried or carried out, and known again when it is sent again."""

import hashlib

from flask import request
from flask_babel import force_locale

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web.forms import text_of
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.document import KEY_HEADER
from cissapp.oversee.api.rules.shapes import changes
from cissapp.oversee.api.services import imports, tokens
from cissapp.oversee.api.views.asking import Call, answers, body_of
from cissapp.oversee.api.views.blueprint import ApiProblem
from cissapp.people.enrolment.rules import SchoolList
from cissapp.people.enrolment.services import ImportResult, RowResult
from cissapp.people.schools.queries import own_group

KEY_MARKS = 100


@answers(o.IMPORT)
def import_schools(call: Call) -> changes.ImportAnswer:
    """Import a list of schools, or only try it."""
    values: changes.ImportValues = call.values
    dry_run = values.dry_run == "true"
    given = body_of(o.IMPORT)
    key, digest = _key(), _digest()
    before = _earlier(call, key, digest) if key and not dry_run else None
    if before:
        return before
    result = _brought(call, _read(given), dry_run=dry_run)
    answer = _answer(result, dry_run=dry_run)
    if key and not dry_run:
        kept = answer.model_dump(mode="json")
        tokens.keep_answer(call.person, key, digest, kept, at=clock.now())
    return answer


def _key() -> str:
    key = request.headers.get(KEY_HEADER, "")
    if len(key) > KEY_MARKS or not all("!" <= mark <= "~" for mark in key):
        message = f"is at most {KEY_MARKS} visible ASCII characters"
        errors = [{"where": KEY_HEADER, "message": message}]
        raise ApiProblem("invalid_parameters", errors=errors)
    return key


def _digest() -> str:
    return hashlib.sha256(request.mimetype.encode() + b"\n" + request.get_data()).hexdigest()


def _earlier(call: Call, key: str, digest: str) -> changes.ImportAnswer | None:
    """Return the answer that the same request got before; hold others with this key back."""
    try:
        found = tokens.earlier_answer(call.person, key, digest)
    except Refused as refused:
        raise ApiProblem("key_used_otherwise") from refused
    return changes.ImportAnswer.model_validate(found) if found else None


def _read(given: changes.SchoolImport | None) -> SchoolList:
    if given is not None:
        return imports.list_of_rows([row.model_dump() for row in given.schools])
    try:
        return imports.list_of_csv(request.get_data(), changes.MOST_SCHOOLS)
    except Refused as refused:
        raise _invalid(refused) from refused


def _invalid(refused: Refused) -> ApiProblem:
    with force_locale("en"):
        errors = [
            {"where": problem.code, "message": text_of(problem)} for problem in refused.problems
        ]
    return ApiProblem("invalid_body", errors=errors)


def _brought(call: Call, table: SchoolList, *, dry_run: bool) -> ImportResult:
    if own_group(call.person) is None:
        raise ApiProblem("role_without_right")
    return imports.bring_schools(
        table, content().countries, dry_run=dry_run, by=call.person, at=clock.now()
    )


def _answer(result: ImportResult, *, dry_run: bool) -> changes.ImportAnswer:
    with force_locale("en"):
        rows = [_row(row) for row in result.results]
    return changes.ImportAnswer(
        dry_run=dry_run,
        counts={outcome.value: number for outcome, number in result.counts.items()},
        unknown_columns=result.unknown,
        rows=rows,
    )


def _row(row: RowResult) -> changes.ImportedRow:
    return changes.ImportedRow(
        row=row.number,
        code=row.code,
        name=row.name,
        outcome=row.outcome.value,
        problems=[
            changes.RowProblem(field=problem.code, message=text_of(problem))
            for problem in row.problems
        ],
    )
