"""A school, its head, and the browser of the head, who is signed in."""

import pytest


@pytest.fixture
def school(app, make):
    return make.school()


@pytest.fixture
def head(make, school):
    return make.manager(school)


@pytest.fixture
def browser(head, sign_in):
    return sign_in(head)
