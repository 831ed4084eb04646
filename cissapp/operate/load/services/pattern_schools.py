"""Makes the pattern schools, one or two in every state, through the same services as the demonstration."""

from collections.abc import Callable, Iterable, Sequence
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
from cissapp.operate.load.services.staff import GroupStaff
from cissapp.people.accounts.models import User
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import School

# Above every number of the demonstration. A number that ends in 0 is certified at level 2.
FIRST_NUMBER = 9001
LEVEL_2_NUMBER = 9100


class Pattern(Struct, frozen=True):
    """A school made through the services, and the people of its group who took part."""

    state: DemoState
    school: School
    team: tuple[User, User, User]


def make_patterns(
    issuer: Issuer,
    staff: GroupStaff,
    *,
    at: datetime,
    told: Callable[[Sequence[SchoolStory]], Iterable[SchoolStory]],
) -> list[Pattern]:
    """Make the pattern schools that are missing, and return all of them; `told` iterates over the stories."""
    team = (staff.reviewers[0], staff.reviewers[1], staff.coordinators[0])
    stage = StoryContext(issuer, at)
    stage.groups[staff.pack.code], stage.staff[staff.pack.code] = staff.group, list(team)
    tales = _tales(_country(staff), at)
    missing = [tale for tale in tales if _found(tale) is None]
    for tale in told(missing):
        with clock.at(tale.told_at):
            stories.tell(stage, tale)
    for tale in missing:
        if tale.state in {DemoState.SUSPENDED, DemoState.WITHDRAWN}:
            stories.end(stage, tale)  # not a complaint, which few schools have
    found = [(tale.state, _found(tale)) for tale in tales]
    return [Pattern(state, school, team) for state, school in found if school is not None]


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


def _tales(country: DemoCountry, at: datetime) -> list[SchoolStory]:
    numbers = dict(enumerate(spread.SHARES, FIRST_NUMBER)) | {LEVEL_2_NUMBER: DemoState.CERTIFIED}
    tales = [
        SchoolStory(
            country=country,
            place=country.places[0],
            state=state,
            number=number if number % 10 or number == LEVEL_2_NUMBER else number + 1000 + 1,
            told_at=at - timedelta(days=stories.SINCE.get(state, 20), minutes=7 * (number % 100)),
            # The first in a state has more to show than most schools have.
            number_in_state=2,
        )
        for number, state in numbers.items()
    ]
    return sorted(tales, key=lambda tale: tale.told_at)


def _found(tale: SchoolStory) -> School | None:
    found = schools.school_by_code(tale.country.code, stories.code_of(tale))
    return session.merge(found, load=False) if found else None
