"""`ciss statements verify`: 0 valid, 1 not valid, 2 could not be checked."""

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from cissapp.foundation.signing import keys
from cissapp.learn.statements.commands import verify
from cissapp.learn.statements.rules import NOT_A_CERTIFICATE
from tests.certify.certificates.specimen import facts, ring, signed
from tests.factories import NOW
from tests.learn.statements.specimen import signed_json, signed_pdf, statement


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return ring(tmp_path_factory.mktemp("keys"))


def run(*arguments, app=None):
    info = ScriptInfo(create_app=(lambda: app) if app else None)
    return CliRunner().invoke(verify, [str(one) for one in arguments], obj=info)


@pytest.mark.parametrize("form", [signed_pdf, signed_json])
def test_a_genuine_one_is_told_with_all_that_it_states(ours, tmp_path, form):
    path = tmp_path / "statement"
    path.write_bytes(form(statement(), ours))

    found = run(path, "--key", ours.folder / "keys.json")

    lines = found.stdout.splitlines()
    assert (found.exit_code, lines[0], lines[-1]) == (
        0,
        "Genuine statement of learning",
        NOT_A_CERTIFICATE,
    )
    assert "  Ann O’Brien-Smith; Lyceum No. 4, Orhei, MD" in lines
    assert (
        "  1. Title of the module 1: passed 2026-11-01, 81 %; 6 of 6 lessons read; version 3"
        in lines
    )
    assert "  5. Title of the module 5: not passed; 6 of 6 lessons read; version 3" in lines


def test_what_is_none_is_not_valid(ours, tmp_path):
    kinds = {
        "certificate.pdf": signed(facts(), ours),
        "cut.pdf": signed_pdf(statement(), ours)[:-2],
        "longer.pdf": signed_pdf(statement(), ours) + b"\n%",
        "text.txt": b"a word",
        "changed.json": signed_json(statement(), ours).replace(b"Lyceum", b"Lizeum", 1),
    }
    codes = {}
    for name, content in kinds.items():
        (tmp_path / name).write_bytes(content)
        found = run(tmp_path / name, "--key", ours.folder / "keys.json")
        codes[name] = (found.exit_code, found.stderr)

    assert codes == dict.fromkeys(kinds, (1, ""))


def test_without_keys_or_with_a_stolen_one_it_could_not_be_checked(tmp_path):
    own = ring(tmp_path / "keys")
    path, broken = tmp_path / "a.json", tmp_path / "keys.json"
    path.write_bytes(signed_json(statement(), own))
    broken.write_text("{}")
    keys.compromised(own.folder, own.newest().id, since=NOW)

    unreadable, stolen = run(path, "--key", broken), run(path, "--key", own.folder / "keys.json")

    assert (unreadable.exit_code, unreadable.stderr.startswith("Could not be checked:")) == (
        2,
        True,
    )
    assert (stolen.exit_code, stolen.stdout.splitlines()[0]) == (2, "Could not be checked")
