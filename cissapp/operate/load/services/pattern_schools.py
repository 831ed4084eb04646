"""Makes the pattern schools, in every state one for each thing that some have besides, through the same services as the demonstration."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.operate.demo.schools import stories
from cissapp.operate.demo.schools.cast import UKRAINE, DemoCountry, DemoState, DemoTown
from cissapp.operate.demo.schools.people import SchoolStory, StoryContext
from cissapp.operate.load.rules import spread
from cissapp.operate.load.rules.names import drawn_by, person_name, place_name
from cissapp.operate.load.rules.spread import Extra
from cissapp.operate.load.services.extras import add_extra
from cissapp.operate.load.services.staff import GroupStaff, secretariat
from cissapp.people.accounts.models import User
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import School

# Above every number of the demonstration. A number that ends in 0 is certified at level 2.
FIRST_NUMBER = 9001
LEVEL_2_NUMBER = 9100
FIRST_WITH_EXTRA = 9201


class Pattern(Struct, frozen=True):
    """A school made through the services, and the people of its group who took part."""

    state: DemoState
    extra: Extra
    school: School
    team: Sequence[User]


def make_patterns(
    issuer: Issuer,
    staff: GroupStaff,
    panel: Sequence[User],
    *,
    at: datetime,
    told: Callable[[Sequence[SchoolStory]], Iterable[SchoolStory]],
) -> list[Pattern]:
    """Make the pattern schools that are missing, and return all of them; `told` iterates over the stories."""
    team = [staff.reviewers[0], staff.reviewers[1], staff.coordinators[0]]
    stage = _stage(issuer, staff, team, panel, at)
    tales = list(_tales(_country(staff), at))
    missing = [tale for tale, _extra in tales if _found(tale) is None]
    for tale in told(sorted(missing, key=lambda one: one.told_at)):
        with clock.at(tale.told_at):
            stories.tell(stage, tale)
    for tale in missing:
        if tale.state in {DemoState.SUSPENDED, DemoState.WITHDRAWN}:
            stories.end(stage, tale)
    for tale, extra in tales:
        if tale in missing:
            add_extra(stage, tale, _school(tale), extra)
    return [Pattern(tale.state, extra, _school(tale), team) for tale, extra in tales]


def _stage(
    issuer: Issuer, staff: GroupStaff, team: list[User], panel: Sequence[User], at: datetime
) -> StoryContext:
    code = staff.pack.code
    return StoryContext(
        issuer,
        at,
        groups={code: staff.group},
        staff={code: team},
        secretariat=[secretariat()],
        panels={code: list(panel)},
    )


def _country(staff: GroupStaff) -> DemoCountry:
    """Return the country of the patterns, in the form that the demonstration uses."""
    pack = staff.pack
    language, random = pack.file.languages[0], drawn_by(pack.code)
    return replace(
        UKRAINE,
        code=pack.code,
        language=language,
        group=staff.group.name,
        places=(DemoTown(pack.top()[0], place_name(language, random)),),
        heads=tuple(person_name(language, random) for _ in range(3)),
    )


def _tales(country: DemoCountry, at: datetime) -> Iterator[tuple[SchoolStory, Extra]]:
    for number, (state, extra) in _numbered().items():
        story = SchoolStory(
            country=country,
            place=country.places[0],
            state=state,
            number=number if number % 10 or number == LEVEL_2_NUMBER else number + 1000 + 1,
            told_at=at - timedelta(days=stories.SINCE.get(state, 20), minutes=7 * (number % 100)),
            number_in_state=1 if extra is Extra.MORE else 2,
        )
        yield story, extra


def _numbered() -> Mapping[int, tuple[DemoState, Extra]]:
    """Return each state with each extra by the number of its school, which is the same with every version."""
    bare = [(state, Extra.NOTHING) for state in spread.SHARES]
    extras = [
        (state, extra)
        for state, some in spread.EXTRAS.items()
        if state in spread.SHARES
        for extra in some
    ]
    return {
        **dict(enumerate(bare, FIRST_NUMBER)),
        LEVEL_2_NUMBER: (DemoState.CERTIFIED, Extra.NOTHING),
        **dict(enumerate(extras, FIRST_WITH_EXTRA)),
    }


def _school(tale: SchoolStory) -> School:
    found = _found(tale)
    if found is None:
        raise LookupError(stories.code_of(tale))
    return found


def _found(tale: SchoolStory) -> School | None:
    found = schools.school_by_code(tale.country.code, stories.code_of(tale))
    return session.merge(found, load=False) if found else None
