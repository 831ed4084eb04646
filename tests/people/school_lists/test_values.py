"""Values of a list are read as the pages write them."""

import pytest
from flask import Flask

from cissapp.foundation.core.unicode import folded_name
from cissapp.foundation.web.languages import in_every_language
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.people.school_lists.rules.values import DUTIES


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("duty", list(Duty))
def test_a_duty_is_known_by_its_name_in_each_language_of_the_pages(app: Flask, duty: Duty):
    with app.app_context():
        names = in_every_language(DUTY_NAMES[duty])

    assert {DUTIES.get(folded_name(name)) for name in names} == {duty}
