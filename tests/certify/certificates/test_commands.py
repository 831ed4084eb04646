"""`ciss log check`."""

from click.testing import CliRunner
from flask.cli import ScriptInfo
from sqlalchemy import text

from cissapp.certify.transparency.commands import log
from cissapp.foundation.core.db import session, unit_of_work
from tests.certify.certificates.test_services import open_up


def run(command, *arguments, app=None):
    info = ScriptInfo(create_app=(lambda: app) if app else None)
    return CliRunner().invoke(command, [str(one) for one in arguments], obj=info)


def test_the_register_is_checked(app, make):
    certificate = make.certified()

    whole = run(log, "check", "--files", app=app)
    open_up(app)
    with app.app_context(), unit_of_work():
        session.execute(text("UPDATE certificate SET level = 3"))
    broken = run(log, "check", app=app)

    assert (whole.exit_code, whole.stdout) == (
        0,
        "The register is intact.\nThe public log is intact: 1 entry, 1 signed checkpoint.\n",
    )
    assert (broken.exit_code, broken.stdout) == (
        1,
        f"certificate {certificate.number}: its columns do not match its facts\n",
    )
