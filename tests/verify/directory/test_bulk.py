"""Certificates in bulk: what is in the archive, for whom, and that it is as long as was said."""

import csv
import hashlib
import io
import re
import zipfile
from datetime import date
from uuid import uuid4

import pytest

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services
from cissapp.certify.certificates.rules import RegisterEvent, Status
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.verify.directory.queries import BulkCertificate, ListDay, bulk
from cissapp.verify.directory.rules import BulkSelection
from cissapp.verify.directory.views import archive
from tests import factories
from tests.factories import NOW
from tests.plans import whole_tables

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

PAGE, ZIP = "/certificates/bulk", "/certificates/bulk.zip"


def opened(answer) -> zipfile.ZipFile:
    content = answer.get_data()
    assert answer.content_length == len(content)
    found = zipfile.ZipFile(io.BytesIO(content))
    assert found.testzip() is None
    assert {one.compress_type for one in found.infolist()} == {zipfile.ZIP_STORED}
    return found


def files_in(answer) -> list[str]:
    return [name for name in opened(answer).namelist() if name.startswith("certificates/")]


def rows_in(found: zipfile.ZipFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(found.read("certificates.csv").decode("utf-8-sig"))))[1:]


def path(certificate) -> str:
    return f"certificates/{certificate.number}.pdf"


def test_the_archive_holds_the_signed_files_and_a_list(app, sign_in, make):
    group = make.group()
    made = [make.certified(make.school(group_id=group.id, name=f"Lyceum {one}")) for one in "ab"]
    browser = sign_in(make.user(Role.COORDINATOR, group_id=group.id))

    found = opened(browser.get(ZIP))

    assert found.namelist() == [*map(path, made), "certificates.csv", "report.txt"]
    with app.app_context():
        assert [found.read(path(one)) for one in made] == [
            files().get(one.file_key) for one in made
        ]
    assert [(row[0], row[2], row[7], row[-2], row[-1]) for row in rows_in(found)] == [
        (one.number, f"Lyceum {place}", "Valid", path(one), one.file_sha256)
        for one, place in zip(made, "ab", strict=True)
    ]
    assert re.findall(r": +(\d+)", found.read("report.txt").decode()) == ["2", "0"]


def test_a_group_gets_its_own_and_the_secretariat_all(sign_in, make):
    group = make.group()
    own, foreign = make.certified(make.school(group_id=group.id)), make.certified()

    answers = {
        role: files_in(sign_in(make.user(role, **scope)).get(ZIP))
        for role, scope in (
            (Role.COORDINATOR, {"group_id": group.id}),
            (Role.SECRETARIAT, {}),
        )
    }

    assert answers == {Role.COORDINATOR: [path(own)], Role.SECRETARIAT: [path(own), path(foreign)]}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SCHOOL_MANAGER, Role.MINISTRY])
def test_nobody_else_gets_any(sign_in, make, role: Role):
    make.certified()
    browser = sign_in(make.user(role))

    assert [browser.get(one).status_code for one in (PAGE, ZIP)] == [403, 403]


def act(app, certificate, name: str, **values) -> None:
    with app.app_context(), unit_of_work():
        getattr(services, name)(
            certificates.certificate(certificate.id),
            reason="The designated person left.",
            by=SYSTEM,
            at=NOW,
            **values,
        )


def four_certificates(app) -> dict[str, str]:
    """One of level 2, one of level 3, one that is suspended, and one of Ukraine: where each is in the archive."""
    factories.country("UA")
    made = {
        "a": factories.certified(),
        "b": factories.certified(level=3),
        "c": factories.certified(),
        "d": factories.certified(factories.school(country_code="UA", region_code="UA-46")),
    }
    act(app, made["c"], "suspend", cure_days=60)
    return {name: path(one) for name, one in made.items()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("country=UA", "d"),
        ("country=MD&region=MD-OR", "abc"),
        ("level=3", "b"),
        ("status=suspended", "c"),
        ("status=valid", "abd"),
        ("status=expired", ""),
        ("issued_from=2026-11-25&issued_to=2026-11-25", "abcd"),
        ("issued_from=2026-11-26", ""),
        ("issued_to=2026-11-24", ""),
        ("issued_to=9999-12-31", "abcd"),
        ("issued_from=no-day&level=9", "abcd"),
    ],
)
def test_the_choice_is_kept_on_the_page_and_in_the_archive(sign_in, databases, make, query, found):
    made = databases.kept(four_certificates)
    browser = sign_in(make.user(Role.SECRETARIAT))

    page = browser.get(f"{PAGE}?{query}").get_data(as_text=True)
    names = files_in(browser.get(f"{ZIP}?{query}"))

    assert names == sorted(made[one] for one in found)
    assert (f">{len(found)} certificate" in page) == bool(found)


def test_what_is_missing_or_damaged_is_told_and_the_rest_is_whole(app, sign_in, make):
    made = [make.certified() for _ in range(3)]
    with app.app_context():
        root = files().root
    (root / made[0].file_key).unlink()
    (root / made[1].file_key).write_bytes(b"%PDF-1.7 something else")

    found = opened(sign_in(make.user(Role.SECRETARIAT)).get(ZIP))

    lost, torn = (path(one).replace(".pdf", ".txt") for one in made[:2])
    assert found.namelist()[:3] == [lost, torn, path(made[2])]
    assert found.read(lost).decode().strip() == (
        "This certificate is not included: its file is not in the store."
    )
    assert found.read(torn).decode().strip() == (
        "This certificate is not included: its file was changed after it was signed."
    )
    assert [row[-2] for row in rows_in(found)] == [lost, torn, path(made[2])]
    assert re.findall(r": +(\d+)", found.read("report.txt").decode()) == ["3", "2"]


# --- many ----------------------------------------------------------------------------------------

MANY, LARGE = 300, 200_000


class Counting:
    """A store that says how many files were read when a piece of the archive was taken."""

    def __init__(self) -> None:
        self.reads = 0

    def get(self, key: str) -> bytes:
        self.reads += 1
        return content_of(key)


def content_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest() * (LARGE // 32)


def kept(number: int) -> BulkCertificate:
    key = f"certificates/{number}"
    content = content_of(key)
    return BulkCertificate(
        uuid4(),
        uuid4(),
        f"MD-2026-{number:05}",
        "0" * 20,
        "Lyceum",
        "Orhei",
        "MD",
        "MD-OR",
        1,
        date(2026, 1, 1),
        date(2028, 1, 1),
        NOW,
        key,
        hashlib.sha256(content).hexdigest(),
        len(content),
        RegisterEvent.ISSUED,
        Status.VALID,
    )


def test_of_many_certificates_one_at_a_time_is_in_memory(app):
    store = Counting()
    with app.test_request_context():
        packed = archive.pack_certificates([kept(number) for number in range(MANY)], store)  # type: ignore[arg-type]
        size = packed.size

    assert store.reads == 0, "the size is known before a file is read"
    taken, ahead, largest = 0, 0, 0
    for piece in packed.streamed():
        taken += len(piece)
        largest = max(largest, len(piece))
        # What was read and not yet given on: never more than one file.
        ahead = max(ahead, store.reads * LARGE - taken)

    assert (taken, store.reads) == (size, MANY)
    assert ahead <= LARGE
    assert largest <= LARGE


# --- in parts ------------------------------------------------------------------------------------


def test_many_certificates_come_in_parts_which_together_are_all(sign_in, make, monkeypatch):
    monkeypatch.setattr(bulk, "PART", 2)
    made = [make.certified() for _ in range(5)]
    browser = sign_in(make.user(Role.SECRETARIAT))

    parts, address = [], PAGE
    while address:
        page = browser.get(address).get_data(as_text=True)
        part = re.search(r'href="([^"]+first=[^"]+)"', page)
        assert part is not None
        parts.append(files_in(browser.get(part[1].replace("&amp;", "&"))))
        later = re.search(r'rel="next"\s+href="([^"]+)"', page)
        address = later[1].replace("&amp;", "&") if later else ""

    assert [len(one) for one in parts] == [2, 2, 1]
    assert [name for one in parts for name in one] == files_in(browser.get(ZIP))
    assert len(parts[0] + parts[1] + parts[2]) == len(made)


def test_a_status_is_found_behind_many_that_do_not_fit(app, sign_in, make, monkeypatch):
    monkeypatch.setattr(bulk, "PART", 1)
    made = [make.certified() for _ in range(5)]
    act(app, made[4], "suspend", cure_days=60)
    browser = sign_in(make.user(Role.SECRETARIAT))

    assert files_in(browser.get(f"{ZIP}?status=suspended")) == [path(made[4])]
    assert files_in(browser.get(f"{ZIP}?status=valid")) == [path(one) for one in made[:4]]


def test_a_part_of_a_group_reads_indexes_and_no_whole_table(app, make):
    coordinator = make.user(Role.COORDINATOR, group_id=make.group().id)
    day = ListDay(NOW.date())

    with app.app_context():
        found = whole_tables(lambda: bulk.bulk_part(BulkSelection(), coordinator, day))

    assert found == set()
