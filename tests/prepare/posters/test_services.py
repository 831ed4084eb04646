"""Writes of posters and of the round, on both databases."""

from datetime import timedelta

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.facts.queries.changes import papers_of
from cissapp.prepare.posters import queries, services
from cissapp.prepare.posters.models import PlacedPoster, PosterSighting
from cissapp.prepare.posters.rules.choices import PosterChoice, PosterFormat, Readers
from cissapp.prepare.posters.rules.rounds import MOST_TAPS, PosterState, Sightings
from tests.factories import NOW
from tests.prepare.acts import trail

CHOICE = PosterChoice(PosterFormat.A4, Readers.OLDER, ("uk", "ro"))
TODAY = NOW.date()


@pytest.fixture
def head(app, make):
    return make.manager(make.school())


@pytest.fixture
def school(app, head):
    with app.app_context(), unit_of_work():
        yield session.get_one(School, head.school_id)


def placed(school: School, head: User, *names: str) -> list[PlacedPoster]:
    places = [services.add_place(school, name, by=head, at=NOW) for name in names]
    return services.print_for_places(school, places, CHOICE, by=head, at=NOW)


def states(school: School, today=TODAY):
    return {one.place.name: one.state for one in queries.poster_round(school.id, today)}


def test_a_poster_hangs_once_it_was_seen_and_is_looked_for_three_months_later(school, head):
    corridor, canteen = placed(school, head, "Corridor", "Canteen")
    services.add_place(school, "Gym", by=head, at=NOW)
    services.count_sighting(corridor, seen_on=TODAY)
    services.count_sighting(corridor, seen_on=TODAY + timedelta(days=2))
    services.count_sighting(corridor, seen_on=TODAY + timedelta(days=2))

    found = {one.place.name: one for one in queries.poster_round(school.id, TODAY)}
    assert {name: one.state for name, one in found.items()} == {
        "Corridor": PosterState.HANGS,
        "Canteen": PosterState.PRINTED,
        "Gym": PosterState.NO_POSTER,
    }
    assert found["Corridor"].sightings == Sightings(TODAY, TODAY + timedelta(days=2), 2)
    assert states(school, TODAY + timedelta(days=120))["Canteen"] is PosterState.UNSEEN
    assert canteen.choice == CHOICE


@pytest.mark.one_database("sqlite")
def test_taps_of_a_day_have_an_end(school, head):
    (poster,) = placed(school, head, "Corridor")
    for _ in range(MOST_TAPS + 5):
        assert services.count_sighting(poster, seen_on=TODAY)

    assert session.get_one(PosterSighting, (poster.id, TODAY)).count == MOST_TAPS


def test_a_new_poster_withdraws_the_one_before_which_is_counted_no_more(school, head):
    (old,) = placed(school, head, "Corridor")
    place = queries.places(school.id)[0]
    (new,) = services.print_for_places(school, [place], CHOICE, by=head, at=NOW)

    assert (old.withdrawn_on, new.withdrawn_on) == (TODAY, None)
    assert old.code != new.code
    assert services.count_sighting(old, seen_on=TODAY) is False
    scanned = queries.scanned_poster(old.code)
    assert (scanned.is_withdrawn, scanned.newest_on) == (True, TODAY)
    assert queries.placed_poster(old.id) is None
    assert states(school) == {"Corridor": PosterState.PRINTED}


def test_a_removed_place_is_gone_from_the_round_and_its_code_says_so(school, head):
    (poster,) = placed(school, head, "Corridor")
    services.remove_place(queries.places(school.id)[0], by=head, at=NOW)

    assert states(school) == {}
    scanned = queries.scanned_poster(poster.code.lower())
    assert (scanned.is_withdrawn, scanned.newest_on) == (True, None)
    with pytest.raises(Missing):
        queries.scanned_poster("0000000000")


@pytest.mark.one_database("sqlite")
def test_the_trail_names_what_the_school_did_and_nothing_of_who_scanned(school, head):
    (poster,) = placed(school, head, "Corridor")
    services.count_sighting(poster, seen_on=TODAY - timedelta(days=1))
    services.tick_poster(poster, by=head, at=NOW)
    services.tick_poster(poster, by=head, at=NOW)

    events = [event for event, _ in trail(school)]
    assert [one for one in events if one.startswith("poster")] == [
        "poster_place.added",
        "posters.printed",
        "poster.ticked",
    ]
    assert session.get_one(PosterSighting, (poster.id, TODAY)).count == 1


def test_the_same_place_twice_is_refused(school, head):
    services.add_place(school, "Corridor", by=head, at=NOW)
    with pytest.raises(Refused):
        services.add_place(school, "CORRIDOR", by=head, at=NOW)


@pytest.mark.one_database("sqlite")
def test_what_a_poster_says_is_recorded_so_that_a_change_finds_it(school, head, make):
    make.complete_dossier(school, head)
    material = queries.poster_material(school, TODAY)
    services.record_poster(material, CHOICE, material.ways[:1], by=head, at=NOW)

    (paper,) = papers_of(school.id)
    way = material.ways[0]
    assert (paper.name, paper.language) == ("a4-older", "uk+ro")
    assert paper.facts == {"school.name": school.name, **way.facts}
    assert set(way.facts) == {f"{way.key}.{part}" for part in ("office", "contact", "hours")}


@pytest.mark.one_database("sqlite")
def test_a_contact_that_nobody_confirmed_for_six_months_is_not_confirmed(school, head, make):
    make.complete_dossier(school, head)
    own = [
        {one.confirmed for one in queries.poster_material(school, day).ways if "ANY" not in one.key}
        for day in (TODAY, TODAY + timedelta(days=200))
    ]

    assert own[0] == {True}
    assert own[1] == {False}
