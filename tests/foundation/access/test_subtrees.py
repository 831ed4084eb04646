"""Random trees of regions and schools in them: rights, lists, searches and files reach a region and all below, and no more."""

import random

import pytest
from sqlalchemy import select

from cissapp.foundation.access.guard import reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.scopes import own_region
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SystemActor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.oversight.queries import Area, certified_schools
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import SchoolSearch, schools_page
from cissapp.review.followup import services as followup
from cissapp.review.followup.queries.schools import followed_ids, followed_page
from cissapp.review.followup.rules import FollowupFilter
from cissapp.verify.directory.forms import BulkForm, RegisterSearchForm
from cissapp.verify.directory.queries import ListDay, bulk_certificates, register_page
from cissapp.verify.directory.rules import BulkSelection, Search
from cissapp.verify.directory.views.blueprint import choices
from tests import factories as make
from tests.factories import NOW
from tests.shipped import country_of, installed_country, region

SCHOOLS, CERTIFIED = 24, 5


def random_pack(dice: random.Random) -> CountryPack:
    """Two regions at the top, and nine that stand somewhere below them."""
    regions = [region("MD-A"), region("MD-B", tile=(1, 1))]
    for number in range(9):
        above = dice.choice([one for one in regions if one.code.count("-") < 3])
        regions.append(region(f"{above.code}-{number}", above.code))
    return country_of(*regions)


def inside(pack: CountryPack, code: str, rows: list[School]) -> set[str]:
    """Names of the schools in a region, found by climbing from each school to the top."""
    found = set()
    for school in rows:
        above: str | None = school.region_code
        while above is not None:
            if above == code:
                found.add(school.name)
            above = pack.regions[above].parent
    return found


@pytest.fixture
def seed():
    return 1


@pytest.fixture
def pack(seed, app):
    found = random_pack(random.Random(seed))
    with clock.at(NOW), installed_country(app, found):
        yield found


def schools_of(pack: CountryPack, number: int) -> list[School]:
    dice, group = random.Random(number), make.group()
    made = [
        make.school(region_code=dice.choice(sorted(pack.regions)), group_id=group.id)
        for _number in range(number)
    ]
    followup.repair_steps(
        at=NOW
    )  # else kept at the end of a transaction, which this test never reaches
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_right_and_a_list_reach_a_region_and_all_below_it(context, pack):
    rows = schools_of(pack, SCHOOLS)
    coordinator = make.user(Role.COORDINATOR, group_id=rows[0].group_id)

    for code in pack.regions:
        wanted = inside(pack, code, rows)
        officer = SystemActor(role=Role.REGION_OFFICER, country_code="MD", region_code=code)
        found = session.scalars(select(School).where(own_region(officer, School)))
        assert {one.name for one in found} == wanted
        assert {one.name for one in rows if own_region(officer, one)} == wanted
        assert {
            one
            for one in pack.regions
            if reaches(officer, Permission.OVERSIGHT_READ, Area("MD", one))
        } == pack.within(code)
        assert not reaches(officer, Permission.OVERSIGHT_READ, Area("MD"))
        listed = schools_page(coordinator, SchoolSearch(region_code=code))
        assert {one.name for one in listed.rows} == wanted
        narrowed = FollowupFilter(region_code=code)
        page = followed_page(coordinator, narrowed, content(), today=NOW.date())
        ids = set(followed_ids(coordinator, narrowed, today=NOW.date()))
        assert {one.name for one in page.rows} == wanted
        assert {one.name for one in rows if one.id in ids} == wanted


def test_what_is_public_and_what_is_fetched_in_bulk_follows_the_tree(context, pack):
    rows = schools_of(pack, CERTIFIED)
    for school in rows:
        make.certified(school)
    coordinator = make.user(Role.COORDINATOR, group_id=rows[0].group_id)
    day = ListDay(NOW.date(), 60)

    for code in pack.regions:
        wanted = inside(pack, code, rows)
        public = register_page(Search(country_code="MD", region_code=code), day).rows
        seen = certified_schools(Area("MD", code), None, today=NOW.date()).rows
        bulk = bulk_certificates(BulkSelection("MD", code), coordinator, day)
        assert {one.name for one in public} == {one.name for one in seen} == wanted
        assert {one.school for one in bulk} == wanted


def test_a_search_by_the_name_of_a_region_finds_what_lies_below_it(app, pack):
    codes = sorted(pack.regions, key=len)
    with app.test_request_context("/certified?country=MD"):
        for code in codes:
            form = RegisterSearchForm(
                data={"words": pack.region_name(code, "en")},
                meta={"csrf": False},
                **choices("en"),
            )
            _word, found = form.given().found_by[0]
            assert set(found) == pack.within(code)
        offered = [code for code, _name in BulkForm(**choices("en")).region.choices]
    assert offered[0] == ""
    assert sorted(offered[1:]) == sorted(pack.regions)


def test_an_officer_opens_the_pages_of_the_subtree_and_no_others(app, sign_in, make, pack):
    make.country("MD")
    for code in ("MD-A", next(iter(pack.children("MD-A") or ["MD-B"]))):
        browser = sign_in(make.user(Role.REGION_OFFICER, country_code="MD", region_code=code))
        opened = {
            one for one in pack.regions if browser.get(f"/oversight/MD/{one}").status_code == 200
        }
        assert opened == pack.within(code)
        assert browser.get("/oversight/MD").status_code == 404
