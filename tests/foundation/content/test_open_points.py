"""What is still open for a country: of its pack, of lessons, of questions."""

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.open_points import open_points
from cissapp.foundation.content.schema import FactState
from config import ROOT

SHIPPED = load(ROOT / "modules")


def test_every_unconfirmed_service_and_duty_is_there_with_what_must_be_found_out():
    for pack in SHIPPED.countries.values():
        found = open_points(SHIPPED, pack, "en")
        lines = [one for one in pack.file.helplines if one.state is FactState.CONFIRM]
        duties = [one for one in pack.file.duties if one.state is FactState.CONFIRM]

        assert [point.key for point in found.services] == [f"helplines.{one.id}" for one in lines]
        assert [point.key for point in found.duties] == [f"duties.{one.id}" for one in duties]
        assert all(point.find_out for point in (*found.services, *found.duties))
        assert {point.file for point in found.services} <= {f"modules/countries/{pack.code}.yaml"}


def test_points_of_lessons_are_those_of_the_country_and_of_all():
    for pack in SHIPPED.countries.values():
        found = {
            (point.lesson.id, point.text) for point in open_points(SHIPPED, pack, "uk").learning
        }
        wanted = {
            (lesson.id, point.text)
            for module in SHIPPED.modules
            for lesson in module.lessons
            for point in lesson.text("uk").confirm
            if not point.countries or pack.code in point.countries
        }

        assert found >= wanted
        assert all(
            (ROOT / point.file).exists() for point in open_points(SHIPPED, pack, "uk").learning
        )
