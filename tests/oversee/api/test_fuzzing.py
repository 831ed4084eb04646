"""Requests that a generator makes of the document: no answer that it does not name, and no fault of ours.

In the short form each operation is asked by one who may; `--long` asks as every role, with all scopes and
with each alone, with a wrong token and with none, and twenty times as often.
"""

from itertools import count
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.rules.document import KEY_HEADER
from cissapp.oversee.api.rules.operations import OPERATIONS, TokenScope
from cissapp.oversee.api.rules.tokens import scopes_open_to
from tests.oversee.api.programs import PREFIX, Program, program_of

pytestmark = [pytest.mark.one_database("sqlite"), pytest.mark.usefixtures("stopped_clock")]
ROLES = (Role.COORDINATOR, Role.MINISTRY, Role.REGION_OFFICER, Role.SECRETARIAT)
OF_MINISTRIES = {one.name for one in OPERATIONS if one.scopes == (TokenScope.FIGURES,)}
KEYS = count()


@pytest.mark.filterwarnings("ignore")  # of the generator's own libraries
def test_no_generated_request_gets_an_answer_that_is_not_documented(
    app, make, pytestconfig: pytest.Config
):
    long = pytestconfig.getoption("long")
    make.certified()
    programs = {role: program_of(app, make.user(role)) for role in ROLES}
    others = in_parts(app, make) if long else []
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        usual = Role.MINISTRY if name in OF_MINISTRIES else Role.COORDINATOR
        for mode in GenerationMode:
            for role in ROLES if long else (usual,):
                ask(operation, mode, programs[role], examples=50 if long else 2)
            for program in others:
                ask(operation, mode, program, examples=10)


def in_parts(app: Flask, make: Any) -> list[Program]:
    """A program with each scope of each role alone, one with a wrong token, and one without."""
    alone = []
    for role in ROLES:
        person = make.user(role)
        with app.app_context():
            scopes = scopes_open_to(session.merge(person))
        alone += [program_of(app, person, scope) for scope in scopes]
    return [*alone, Program(app, "ciss_wrong"), Program(app, None)]


def ask(operation: Any, mode: GenerationMode, program: Program, *, examples: int) -> None:
    """Send requests of one kind, and hold each answer against the document."""

    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        if mode.is_positive and KEY_HEADER in (case.headers or {}):
            case.headers[KEY_HEADER] = f"key-{next(KEYS)}"  # one key for two lists is a mistake
        # What makes a list of schools is more than its schema can say: a heading, a row that is not empty.
        is_no_list = case.media_type == "text/csv" or (mode.is_positive and is_empty(case.body))
        excluded = [positive_data_acceptance] if is_no_list else []
        token = {"Authorization": f"Bearer {program.token}"} if program.token else {}
        case.call_and_validate(headers=token, excluded_checks=excluded)

    asked()


def is_empty(body: Any) -> bool:
    """Check whether a body is a list of schools without a mark in any row."""
    if not isinstance(body, dict) or "schools" not in body:
        return False
    texts = (str(value) for row in body["schools"] for value in row.values() if value is not None)
    return all(mark.isspace() or not mark.isprintable() for text in texts for mark in text)
