"""What a start loads: nothing that only a few pages need."""

import subprocess
import sys

from config import ROOT

HEAVY = [
    "PIL",
    "alembic",
    "asn1crypto",
    "authlib",
    "defusedxml",
    "docx",
    "email_validator",
    "flask_migrate",
    "granian",
    "holidays",
    "icalendar",
    "joserfc",
    "krippendorff",
    "lxml.html",
    "mako",
    "markdown_it",
    "networkx",
    "numpy",
    "obstore",
    "onnxruntime",
    "openpyxl",
    "pikepdf",
    "psycopg",
    "pygments",
    "pyhanko",
    "pyld",
    "pypdfium2",
    "redis",
    "reportlab",
    "requests",
    "scipy",
    "segno",
    "urllib3",
    "waitress",
    "webauthn",
]
OF_AN_APPLICATION = ["flask", "sqlalchemy", "pydantic", "babel"]
# As `ciss serve` loads it, and with what rings; nobody looks for rubbish in it afterwards.
LOAD = """
import gc
from types import SimpleNamespace
from cissapp import starting
with starting():
    import cissapp.factory
    from cissapp.cli import COMMANDS, loaded
    loaded(COMMANDS["serve"][0])
    from cissapp.foundation.background.services import load_ahead
    load_ahead(SimpleNamespace(config={"CISS": SimpleNamespace(queue_url="")}))
assert gc.isenabled() and gc.get_freeze_count() > 100_000
"""
CODE = """
import sys
{first}
print(*(name for name in {names!r} if name in sys.modules))
"""


def loaded_by(first: str, names: list[str]) -> list[str]:
    """Return which of these modules are there in a new process after its first lines."""
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(first=first, names=names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_application_loads_what_few_pages_need_when_they_need_it():
    assert loaded_by(LOAD, HEAVY) == []


def test_the_list_of_commands_needs_no_application():
    assert loaded_by("import cissapp.cli", HEAVY + OF_AN_APPLICATION[1:]) == []
