"""Every event has its place, a name, and is held back where phases hold back what it tells."""

import pytest

from cissapp.foundation.audit.rules import Event
from cissapp.oversee.trail.rules.lines import THINGS, Theme, events_of, theme_of
from cissapp.people.enrolment.phrases import EVENT_NAMES


@pytest.mark.parametrize("event", Event)
def test_an_event_is_about_something_and_has_a_name(event):
    assert theme_of(event) in Theme
    assert event in EVENT_NAMES


def test_themes_divide_the_events():
    assert sorted(one for theme in Theme for one in events_of(theme)) == sorted(Event)


def test_no_kind_of_thing_is_named_twice_or_in_vain():
    named = [thing for things in THINGS.values() for thing in things]

    assert sorted(named) == sorted({event.partition(".")[0] for event in Event} & set(named))
