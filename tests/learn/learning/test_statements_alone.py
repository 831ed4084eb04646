"""Statements that are built while a module is loaded know the types of their values, whatever is loaded later."""

import subprocess
import sys

from config import ROOT

# The column that a value is compared with has no type before the table that it points to is loaded.
UNTYPED = """
from importlib import import_module
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, ClauseElement
for name in ("learn.learning.queries.attempts", "learn.learning.queries.progress", "prepare.assessment.queries"):
    for known, statement in vars(import_module(f"cissapp.{name}")).items():
        for part in visitors.iterate(statement) if isinstance(statement, ClauseElement) else ():
            if isinstance(part, BindParameter) and part.type._isnull:
                print(name, known, part.key)
"""


def test_values_have_their_types_before_the_tables_of_people_and_schools_are_loaded():
    found = subprocess.run(
        [sys.executable, "-c", UNTYPED], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout == ""
