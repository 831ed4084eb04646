"""The snapshot of the register, the page, and the folder for mirrors."""

import hashlib
import json
import re
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as acts
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.signing.keys import NoKeys
from cissapp.verify.verification.checking import snapshots
from cissapp.verify.verifier import services
from cissapp.verify.verifier.page.assembly import PAGE, assemble_page
from cissapp.verify.verifier.rules import PageSource
from cissapp.verify.verifier.services import latest_page
from tests.factories import NOW

VENDOR = PAGE / "vendor"
LATER = NOW + timedelta(hours=3)


def source(make) -> PageSource:
    return PageSource(make.keyring(), content(), "http://ciss.example")


def digest(value: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(value).digest()).rstrip(b"=").decode()


@pytest.mark.one_database("sqlite")
def test_a_snapshot_holds_each_certificate_by_the_hash_of_its_code(context, make):
    valid, withdrawn, back = make.certified(), make.certified(), make.certified()
    acts.withdraw(withdrawn, reason="The policy was withdrawn.", by=SYSTEM, at=LATER)
    acts.suspend(back, reason="The way to report is closed.", cure_days=30, by=SYSTEM, at=LATER)
    acts.reinstate(back, reason="It is open again.", by=SYSTEM, at=LATER)

    text = services.current_snapshot(source(make), at=LATER)

    raw = json.loads(text)
    assert {name: row[:2] for name, row in raw["statuses"].items()} == {
        digest(valid.code.encode()): ["valid", "2026-11-25T09:00:00Z"],
        digest(withdrawn.code.encode()): ["withdrawn", "2026-11-25T12:00:00Z"],
        digest(back.code.encode()): ["valid", "2026-11-25T09:00:00Z"],
    }
    assert not any(
        secret in text for one in (valid, withdrawn, back) for secret in (one.code, one.number)
    )


def test_what_is_written_is_what_the_command_line_reads(context, make):
    certificate = make.certified()
    ring = make.keyring()

    found = snapshots.read_snapshot(services.current_snapshot(source(make), at=LATER), ring)

    assert (found.taken_at, found.valid_for_days) == (LATER, 31)
    assert found.of(certificate.code) == snapshots.SnapshotRow(
        "valid", NOW, certificate.file_sha256
    )
    assert found.of(certificate.code[::-1]) is None


def test_the_libraries_are_those_that_were_looked_at():
    named = dict(
        line.split()[::-1]
        for line in (VENDOR / "README.md").read_text().splitlines()
        if line.startswith("    ")
    )

    held = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")
    }

    assert held == named


def test_without_the_key_of_the_log_there_is_no_snapshot(context, make):
    without = replace(source(make), ring=replace(make.keyring(), log=None))

    with pytest.raises(NoKeys):
        services.current_snapshot(without, at=NOW)


def test_the_folder_for_mirrors_is_whole(context, make, tmp_path):
    make.certified()

    made = services.publish_mirror(source(make), tmp_path / "mirror", at=NOW)

    written = {path.name: path.read_bytes() for path in (tmp_path / "mirror").iterdir()}
    sums = dict(line.split("  ")[::-1] for line in written["SHA256SUMS"].decode().splitlines())
    assert made == {name: len(held) for name, held in written.items()}
    assert set(written) == {
        "verify.html",
        "snapshot.json",
        "keys.json",
        "checkpoint.txt",
        "README.txt",
        "SHA256SUMS",
    }
    assert sums == {
        name: hashlib.sha256(held).hexdigest()
        for name, held in written.items()
        if name != "SHA256SUMS"
    }
    assert (
        written["snapshot.json"].decode().replace("<", "\\u003c") in written["verify.html"].decode()
    )


def test_the_page_allows_its_own_scripts_and_style_and_no_address(context, make):
    text = assemble_page(source(make), "{}")

    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    [script_hashes, style_hashes] = [
        " ".join(
            f"'sha256-{b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in held
        )
        for held in (scripts, [style])
    ]
    assert policy == (
        f"default-src 'none'; script-src {script_hashes}; style-src {style_hashes}; img-src data:; "
        "form-action 'none'; base-uri 'none'"
    )
    assert len(scripts) == 4
    assert re.findall(r'(?:src|href|action)="(?!data:|#)', text.partition("<script type")[0]) == []


def test_the_page_is_made_anew_when_the_register_or_the_day_is_another_one(context, make):
    certificate = make.certified()

    first = latest_page.latest_page(source(make), at=NOW)
    again = latest_page.latest_page(source(make), at=NOW + timedelta(hours=1))
    acts.withdraw(certificate, reason="The policy was withdrawn.", by=SYSTEM, at=LATER)
    after = latest_page.latest_page(source(make), at=LATER)
    next_day = latest_page.latest_page(source(make), at=datetime(2026, 11, 26, 1, tzinfo=UTC))

    assert first == again
    assert len({first, after, next_day}) == 3
    assert certificates.by_code(certificate.code)
