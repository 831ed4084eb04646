"""A statement of learning is never a certificate of a school, wherever it is checked."""

import json

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from cissapp.foundation.core import clock
from cissapp.verify.verification.checking import statements
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.commands import verify
from cissapp.verify.verification.rules import FILE, CertificateCheck, CheckAnswer, CheckOutcome
from tests.certify.certificates.pages import content_of
from tests.certify.certificates.specimen import ring
from tests.client import main_text
from tests.factories import NOW
from tests.learn.statements.specimen import signed_json, signed_pdf, statement
from tests.verify.verification.test_views import sent

FORMS = {"pdf": signed_pdf, "json": signed_json}
GENUINE = CheckResult(
    CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, statements.GENUINE),)
)
CLAIMED = CheckResult(
    CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, statements.CLAIMED),)
)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    return ring(tmp_path_factory.mktemp("others"))


@pytest.mark.parametrize(
    ("form", "sentence"), [("pdf", statements.CLAIMED), ("json", statements.GENUINE)]
)
def test_the_page_says_what_it_is_and_is_not(client, make, form: str, sentence: str):
    content = FORMS[form](statement(), make.keyring())

    page = main_text(sent(client, content, f"statement.{form}"))

    assert "✕ Not one of ours" in page
    assert sentence in page


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("form", FORMS)
def test_the_command_refuses_it_with_the_register_and_without(app, make, tmp_path, form: str):
    ours, path = make.keyring(), tmp_path / f"statement.{form}"
    path.write_bytes(FORMS[form](statement(), ours))
    answers = []
    for more in ((), ("--offline", "--key", str(ours.folder / "keys.json"))):
        found = CliRunner().invoke(
            verify, [str(path), "--json", *more], obj=ScriptInfo(create_app=lambda: app)
        )
        one = json.loads(found.stdout)
        answers.append((found.exit_code, one["status"], one["facts"], one["checks"][0]["sentence"]))

    claimed = statements.CLAIMED if form == "pdf" else statements.GENUINE
    assert answers == [
        (1, "not_ours", None, claimed),
        (1, "not_ours", None, statements.GENUINE),
    ]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("form", FORMS)
def test_one_of_others_is_not_called_genuine(make, theirs, form: str):
    content = FORMS[form](statement(), theirs)

    assert statements.result_for_opened(content, make.keyring()) == CLAIMED


def test_a_file_with_the_code_of_a_certificate_stays_altered(app, client, make):
    with clock.at(NOW):
        content = content_of(app, make.certified()) + b"\n% ciss-statement-1"
        page = main_text(sent(client, content))

    assert "✕ Altered" in page
