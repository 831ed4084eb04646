"""What is installed: locked by hash, under licences that we may pass on, compared with known faults; no secret in the tree."""

import json
import re
import subprocess
import zipfile
from importlib import metadata

import pytest
from detect_secrets.core.plugins import initialize
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from checks import advisories
from config import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
HASHED = re.compile(
    r"^(?P<pin>[^\s\\][^\\]*)\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE
)

# What may be passed on together with a program under the EUPL 1.2, by words of the licence's name. The GPL 3 is
# one of the licences that the EUPL names as compatible (its appendix).
LICENCES = re.compile(
    r"MIT|BSD|Apache|Python|PSF|ISC|MPL|Mozilla|Unlicense|Public Domain|Zope|LGPL|Lesser|GPL-3\.0-or-later|EUPL"
)
# Those whose metadata say nothing, and where the licence was read instead.
READ_ELSEWHERE = {
    "pyrage": "MIT: LICENSE of its source",
    "huey": "MIT: LICENSE of its source",
    "axe-playwright-python": "MIT: LICENSE of its source",
}

# Patterns of keys and tokens whose form is known. What looks random or is called a password is judged by eye
# in a review: in this tree it is mostly names of events and hashes of public files.
FORMS = {
    name
    for name in (one.__name__ for one in get_mapping_from_secret_type_to_class().values())
    if name
    not in {
        "KeywordDetector",
        "Base64HighEntropyString",
        "HexHighEntropyString",
        "IPPublicDetector",
    }
}
# Examples that open nothing.
EXAMPLES = {
    ("tests/operate/operations/test_rules.py", "IbmCosHmacDetector"),
    ("tests/people/drafts/test_views.py", "JwtTokenDetector"),
    ("tests/verify/verification/test_rules.py", "JwtTokenDetector"),
}
# Addresses with a password show how such an address is written, by one of these words.
EXAMPLE_PASSWORD = re.compile(r":(password|PASSWORD|secret|hidden|word|\{HIDDEN\}|p%3Aw)@")
# Patterns of a long value that is assigned to some name of a key: only few files have any, and the patterns are slow.
OF_ASSIGNED = r"(?:(?<=\W)|(?<=^))"
ASSIGNED = re.compile(r"(?:key|pass|word|token|pwd|pw)\W{1,80}[\w-]{24}", re.IGNORECASE)
NO_TEXT = re.compile(r"\.(png|ttf|onnx|mo|po|pot|pdf|jpg|docx|odt)$|package-lock\.json$")


def locked() -> dict[str, str]:
    return {
        canonicalize_name(Requirement(found["pin"].strip()).name): found["pin"].strip()
        for found in HASHED.finditer(LOCK)
    }


def test_every_line_of_the_lock_is_a_pin_with_its_hashes():
    assert HASHED.sub("", LOCK) == ""
    assert "://" not in LOCK


def test_the_lock_has_the_versions_that_are_tested():
    tested = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert {re.sub(r"\s", "", pin) for pin in locked().values()} <= {
        re.sub(r"\s", "", one) for one in tested
    }


def test_the_lock_has_everything_that_the_program_asks_for():
    asked = [Requirement(one) for one in metadata.requires("ciss") or []]

    assert {canonicalize_name(one.name) for one in asked if one.marker is None} <= set(locked())


def test_every_licence_may_be_passed_on():
    refused = {}
    for one in metadata.distributions():
        said = " ".join(
            [
                one.metadata.get("License-Expression") or "",
                one.metadata.get("License") or "",
                *(
                    line
                    for line in one.metadata.get_all("Classifier") or []
                    if line.startswith("License")
                ),
            ]
        )
        if not LICENCES.search(said) and one.metadata["Name"].lower() not in READ_ELSEWHERE:
            refused[one.metadata["Name"]] = said.strip()

    assert refused == {}


def test_no_key_and_no_token_lies_in_the_tree():
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    detectors = [initialize.from_plugin_classname(name) for name in sorted(FORMS)]
    patterns = [
        (type(one).__name__, form) for one in detectors for form in getattr(one, "denylist", ())
    ]
    patterns.append(("AgeKey", re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")))
    found = set()
    for name in names.stdout.splitlines():
        if not NO_TEXT.search(name) and (ROOT / name).is_file():
            text = (ROOT / name).read_text(encoding="utf-8", errors="ignore")
            assigned = ASSIGNED.search(text)
            found |= {
                (name, kind)
                for kind, form in patterns
                if (assigned or not form.pattern.startswith(OF_ASSIGNED))
                and any(not EXAMPLE_PASSWORD.search(one[0]) for one in form.finditer(text))
            }

    assert found == EXAMPLES


# --- known vulnerabilities -------------------------------------------------------------------------

PINS = {"flask": {Version("3.1.3")}}


def advisory(*events: dict[str, str], **values: object) -> dict[str, object]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    return {
        "id": "OSV-1",
        "affected": [
            {"package": {"ecosystem": "PyPI", "name": "Flask"}, "ranges": ranges, **values}
        ],
    }


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (advisory({"introduced": "0"}, {"fixed": "3.1.4"}), True),
        (advisory({"introduced": "0"}, {"fixed": "3.1.3"}), False),
        (advisory({"introduced": "3.1.3"}), True),
        (advisory({"introduced": "3.2"}), False),
        (advisory({"introduced": "2"}, {"last_affected": "3.1.3"}), True),
        (advisory({"introduced": "2"}, {"last_affected": "3.1.2"}), False),
        (advisory({"introduced": "0"}, {"fixed": "2"}, {"introduced": "3"}, {"fixed": "4"}), True),
        (advisory(versions=["3.1.3"]), True),
        (advisory(versions=["no version", "3.1"]), False),
        (advisory({"introduced": "0"}) | {"withdrawn": "2026-01-01"}, False),
        ({"id": "OSV-2", "affected": [{"package": {"ecosystem": "npm", "name": "flask"}}]}, False),
    ],
)
def test_an_advisory_concerns_the_versions_it_names(said, found):
    assert list(advisories.concerned(said, PINS)) == (
        [("flask", Version("3.1.3"))] if found else []
    )


def test_the_list_is_read_from_an_archive_and_what_is_concerned_is_named(tmp_path, capsys):
    place = tmp_path / "all.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("OSV-1.json", json.dumps(advisory({"introduced": "0"})))

    assert advisories.main(str(place)) == 1
    assert "flask" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_a_list_that_cannot_be_read_is_no_clean_bill(tmp_path, content):
    place = tmp_path / "all.zip"
    if content is not None:
        place.write_bytes(content)

    assert advisories.main(str(place)) == 2


def test_an_empty_folder_is_no_clean_bill(tmp_path):
    assert advisories.main(str(tmp_path)) == 2
