"""`ciss certificates verify` and `ciss log check`."""

import json

from click.testing import CliRunner
from flask.cli import ScriptInfo
from sqlalchemy import text

from cissapp.certificates.commands import certificates, log
from cissapp.core.db import session, unit_of_work
from cissapp.core.storage import files
from tests.certificates.specimen import facts, ring, signed
from tests.certificates.test_services import open_up


def run(command, *arguments, app=None):
    info = ScriptInfo(create_app=(lambda: app) if app else None)
    return CliRunner().invoke(command, [str(one) for one in arguments], obj=info)


def test_a_file_is_checked_against_the_register(app, make, tmp_path):
    certificate = make.certified()
    path, changed = tmp_path / "a.pdf", tmp_path / "b.pdf"
    with app.app_context():
        path.write_bytes(files().get(certificate.file_key))
    changed.write_bytes(path.read_bytes() + b"\n")

    good = run(certificates, "verify", path, "--json", app=app)
    bad = run(certificates, "verify", changed, app=app)

    said = json.loads(good.stdout)
    assert (good.exit_code, said["status"], said["facts"]["number"]) == (
        0,
        "expiring" if said["status"] == "expiring" else "valid",
        certificate.number,
    )
    assert (bad.exit_code, bad.stdout.splitlines()[0]) == (1, "Altered")


def test_a_file_is_checked_with_public_keys_alone(tmp_path):
    ours = ring(tmp_path / "keys")
    path = tmp_path / "a.pdf"
    path.write_bytes(signed(facts("uk"), ours))

    good = run(certificates, "verify", path, "--offline", "--key", tmp_path / "keys" / "keys.json")
    path.write_bytes(path.read_bytes()[:-1])
    bad = run(certificates, "verify", path, "--offline", "--key", tmp_path / "keys" / "keys.json")

    assert (good.exit_code, good.stdout.splitlines()[0]) == (0, "Valid")
    assert "only the register can tell" in good.stdout
    assert bad.exit_code == 1


def test_without_keys_it_could_not_be_checked(tmp_path):
    path, broken = tmp_path / "a.pdf", tmp_path / "keys.json"
    path.write_bytes(b"%PDF")
    broken.write_text("{}")

    found = run(certificates, "verify", path, "--offline", "--key", broken)

    assert (found.exit_code, found.stderr.startswith("Could not be checked:")) == (2, True)


def test_the_register_is_checked(app, make):
    certificate = make.certified()

    whole = run(log, "check", "--files", app=app)
    open_up(app)
    with app.app_context(), unit_of_work():
        session.execute(text("UPDATE certificate SET level = 3"))
    broken = run(log, "check", app=app)

    assert (whole.exit_code, whole.stdout) == (0, "The register is whole.\n")
    assert (broken.exit_code, broken.stdout) == (
        1,
        f"certificate {certificate.number}: its columns are not its facts\n",
    )
