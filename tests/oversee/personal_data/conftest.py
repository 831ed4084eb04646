"""A database that takes any row for the time of a test."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask

from cissapp.foundation.core.db import session, unit_of_work
from tests.oversee.personal_data.planting import forget_checks, watch_checks


class Undone(Exception):
    """What was planted is not kept."""


@pytest.fixture
def planted_rows(app: Flask) -> Iterator[None]:
    """A transaction that lets anything in and ends without a trace."""
    with app.app_context():
        with suppress(Undone), unit_of_work():
            forget_checks()
            yield
            raise Undone
        watch_checks()
        session.rollback()
