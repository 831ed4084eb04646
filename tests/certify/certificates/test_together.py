"""Several in one transaction: what is examined, and what one of them may not do to another."""

from unittest.mock import DEFAULT, patch

import pytest
from sqlalchemy.orm.exc import StaleDataError

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.services import batch, issuing
from cissapp.certify.certificates.services.batch import publish_many
from cissapp.certify.certificates.services.publishing import PublishingResult, finish_together
from cissapp.certify.credentials.queries import of_certificate
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import seal
from tests.certify.certificates.reservations import SOON, events, whole


def together(make, *rows) -> list[PublishingResult]:
    return finish_together([one.id for one in rows], make.issuer(), moment=lambda: SOON)


@pytest.mark.one_database("sqlite")
def test_the_first_of_a_process_is_examined_as_a_stranger_would(app, make, monkeypatch):
    rows = [make.reserved() for _ in range(3)]
    monkeypatch.setattr(batch, "TOGETHER", 2)

    with (
        app.app_context(),
        patch.object(seal, "examine", wraps=seal.examine) as examined,
        patch.object(seal, "is_signed_by", wraps=seal.is_signed_by) as looked_at,
    ):
        ids = [one.id for one in rows]
        list(publish_many(app, ids, make.issuer(), workers=1, moment=lambda: SOON))
        assert (examined.call_count, looked_at.call_count) == (1, 2)
        ring = make.keyring()
        stored = [register_checks.stored_file(one, files()) for one in queries.all_certificates()]
        assert [seal.examine(one, ring).good for one in stored] == [True, True, True]
    whole(app)


def test_where_none_of_the_first_was_published_the_next_is_examined(context, make, monkeypatch):
    published, asked = [False, True, False, True], []

    def finish(ids, _issuer, *, moment, one_of_many):
        asked.append(one_of_many)
        return [PublishingResult(one, published[one]) for one in ids]

    monkeypatch.setattr(batch, "TOGETHER", 1)
    monkeypatch.setattr(batch, "finish_together", finish)
    list(publish_many(None, range(4), make.issuer(), workers=1, moment=lambda: SOON))

    assert asked == [False, False, True, True]


@pytest.mark.one_database("sqlite")
def test_a_file_that_fails_its_look_hinders_no_other(app, make):
    rows = [make.reserved() for _ in range(3)]

    with app.app_context(), patch.object(seal, "is_signed_by", side_effect=[False, True]):
        assert together(make, *rows) == [PublishingResult(one.id, published=True) for one in rows]
    whole(app)


def test_a_school_that_was_changed_meanwhile_hinders_no_other(app, make):
    rows = [make.reserved() for _ in range(2)]
    place, overtaken = issuing.update_standings, [StaleDataError(), DEFAULT, DEFAULT]

    with (
        app.app_context(),
        patch.object(issuing, "update_standings", wraps=place, side_effect=overtaken),
    ):
        assert together(make, *rows) == [PublishingResult(one.id, published=True) for one in rows]
    whole(app)


@pytest.mark.one_database("sqlite")
def test_of_two_of_one_school_the_second_replaces_the_first(app, make):
    school = make.school()
    first, second, other = make.reserved(school), make.reserved(school, cycle=2), make.reserved()

    with app.app_context():
        together(make, first, second, other)
        assert [events(one.id) for one in (first, second, other)] == [
            ["reserved", "issued", "replaced"],
            ["reserved", "issued"],
            ["reserved", "issued"],
        ]
        assert register_checks.first_fault(files()) is None
    whole(app)


@pytest.mark.one_database("sqlite")
def test_what_is_published_already_is_left_alone(app, make):
    rows = [make.reserved() for _ in range(2)]

    with app.app_context():
        together(make, rows[0])
        session.remove()
        before = of_certificate(rows[0].id).text
        stored = {one.key for one in files().stored() if one.key.startswith("certificates/")}
        # Another process has published the first after this one had read that it is reserved.
        with patch.object(queries, "is_reserved", side_effect=[True, True, False, True]):
            done = together(make, *rows)
        assert [one.published for one in done] == [False, True]
        assert of_certificate(rows[0].id).text == before
        now = {one.key for one in files().stored() if one.key.startswith("certificates/")}
        assert (len(stored), len(now - stored)) == (1, 1)
    whole(app)
