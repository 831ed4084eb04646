"""A certified school with its people."""

import pytest

from tests.certify.upkeep.people import certified_place


@pytest.fixture
def place(context, make):
    """A certified school with head and designated person, and its coordinator."""
    return certified_place()
