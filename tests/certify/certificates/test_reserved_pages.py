"""Pages while a certificate waits for its file: what the school, its group and everybody see."""

from datetime import timedelta

import pytest

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.rules import in_groups
from cissapp.certify.certificates.services import issuing
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.roles import Role
from tests.certify.certificates.reservations import published
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("stopped_clock")

LATER = NOW + timedelta(days=300)


def text(client, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_the_school_reads_that_its_certificate_is_being_issued(app, make, sign_in):
    row = make.reserved()
    head = sign_in(make.manager(row.school))

    before = text(head, "/school/certificate")
    file = head.get(f"/school/certificate/{row.id}/file").status_code
    published(app, make, row.id)
    after = text(head, "/school/certificate")

    assert ("Your certificate is being issued" in before, row.number in before, file) == (
        True,
        True,
        404,
    )
    assert ("is being issued" in after, "Download the certificate" in after) == (False, True)


@pytest.mark.parametrize("address", ["/school", "/school/application"])
def test_no_next_application_is_offered_before_the_certificate_is_issued(
    app, make, sign_in, address
):
    row = make.reserved()
    head = sign_in(make.manager(row.school))

    before = text(head, address)
    published(app, make, row.id)
    after = text(head, address)

    assert ("Your certificate is being issued" in before, "is being issued" in after) == (
        True,
        False,
    )
    assert "Start the next application" not in before


def test_the_certificate_before_counts_until_the_new_one_is_there(app, make, sign_in):
    school = make.school()
    older = make.certified(school)
    make.reserved(school, cycle=2, at=LATER)

    with clock.at(LATER):
        head = sign_in(make.manager(school))
        page = text(head, "/school/certificate")
        public = text(head, f"/verify/{in_groups(older.code)}")

    assert ("Your certificate is being issued" in page, "Download the certificate" in page) == (
        True,
        True,
    )
    assert "Valid" in public


def test_the_group_sees_the_reservation_and_its_end(app, make, sign_in):
    row = make.reserved()
    person = sign_in(make.user(Role.COORDINATOR, group_id=row.school.group_id))

    waiting = text(person, f"/certificates/{row.id}")
    with app.app_context(), unit_of_work():
        issuing.void(queries.certificate(row.id), reason="The place was wrong.", by=SYSTEM, at=NOW)
    ended = text(person, f"/certificates/{row.id}")

    assert "Decided, file being prepared" in waiting
    assert ("Ended before it was issued" in ended, "The place was wrong." in ended) == (True, True)
    for page in (waiting, ended):
        assert "Download the certificate" not in page
        assert f"/certificates/{row.id}/withdraw" not in page


def test_nobody_relies_on_a_reservation(app, make, client):
    row = make.reserved()

    page = text(client, f"/verify/{in_groups(row.code)}")

    assert ("Could not be checked" in page, "being issued" in page) == (True, True)
    assert row.number not in text(client, "/register")
