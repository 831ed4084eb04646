"""How schools are spread: over states and what some have besides, over regions, over three years."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import accumulate
from random import Random

from msgspec import Struct

from cissapp.operate.demo.schools.cast import DemoState


class Share(Struct, frozen=True):
    """How many of a thousand schools are in a state, and for how many weeks at most."""

    of_thousand: int
    weeks: int


# Applications under way are weeks old; finished ones may be up to three years old.
SHARES: Mapping[DemoState, Share] = {
    DemoState.REGISTERED: Share(340, 120),
    DemoState.BEGUN: Share(120, 40),
    DemoState.HALF_WAY: Share(150, 30),
    DemoState.READY: Share(80, 16),
    DemoState.SUBMITTED: Share(24, 2),
    DemoState.RETURNED: Share(6, 3),
    DemoState.IN_REVIEW: Share(20, 2),
    DemoState.ASKED: Share(4, 1),
    DemoState.SECOND_REVIEW: Share(6, 2),
    DemoState.TO_DECIDE: Share(10, 2),
    DemoState.CHANGES_REQUESTED: Share(14, 4),
    DemoState.CERTIFIED: Share(211, 130),
    DemoState.SUSPENDED: Share(4, 3),
    DemoState.WITHDRAWN: Share(4, 40),
    DemoState.APPEALED: Share(4, 2),
    DemoState.APPEAL_DECIDED: Share(3, 90),
}
DECIDED = frozenset({DemoState.CERTIFIED, DemoState.SUSPENDED, DemoState.WITHDRAWN})


class Extra(StrEnum):
    """What some schools of a state have besides what all have."""

    NOTHING = "nothing"
    # What the first school of a state has in the demonstration: a drill, comments, a visit, posters, two rounds.
    MORE = "more"
    MENTOR = "mentor"
    DRAFTS = "drafts"
    COMPLAINT = "complaint"
    ANSWERED_COMPLAINT = "answered complaint"
    HANDOVER = "handover"
    VACANCY = "vacancy"
    HOLD = "hold"


# Of a thousand schools in a state; what waits for somebody is weeks old.
EXTRAS: Mapping[DemoState, Mapping[Extra, Share]] = {
    DemoState.BEGUN: {Extra.MENTOR: Share(200, 8)},
    DemoState.HALF_WAY: {Extra.MENTOR: Share(200, 8)},
    DemoState.READY: {Extra.MORE: Share(350, 16), Extra.DRAFTS: Share(200, 2)},
    DemoState.IN_REVIEW: {Extra.MORE: Share(400, 2)},
    DemoState.CERTIFIED: {
        Extra.MORE: Share(350, 130),
        Extra.COMPLAINT: Share(8, 2),
        Extra.ANSWERED_COMPLAINT: Share(15, 100),
        Extra.HANDOVER: Share(12, 1),
        Extra.VACANCY: Share(15, 6),
    },
    DemoState.WITHDRAWN: {Extra.HOLD: Share(300, 20)},
}
# Regions by rank: the largest has a multiple of the smallest, as a capital does.
ZIPF = 0.8


class WeightedChoice(Struct, frozen=True):
    """Things to choose from, each with a weight."""

    things: Sequence[str]
    up_to: Sequence[float]

    @classmethod
    def by_rank(cls, things: Sequence[str], random: Random) -> "WeightedChoice":
        """Rank things at random, and weight them by their rank."""
        ranked = random.sample(things, len(things))
        return cls(ranked, list(accumulate((rank + 1) ** -ZIPF for rank in range(len(ranked)))))

    def draw(self, random: Random) -> str:
        """Draw one of them."""
        return random.choices(self.things, cum_weights=self.up_to)[0]


def draw_state(random: Random) -> DemoState:
    """Draw the state of a school."""
    weights = [share.of_thousand for share in SHARES.values()]
    return random.choices(list(SHARES), weights)[0]


def extras_of(state: DemoState) -> Mapping[Extra, Share]:
    """Return what schools of a state may have besides, with how many of a thousand have nothing."""
    some = EXTRAS.get(state, {})
    left = 1000 - sum(share.of_thousand for share in some.values())
    return {Extra.NOTHING: Share(left, SHARES[state].weeks), **some}


def draw_extra(state: DemoState, random: Random) -> Extra:
    """Draw what a school has besides what all in its state have."""
    extras = extras_of(state)
    return random.choices(list(extras), [share.of_thousand for share in extras.values()])[0]


def draw_shift(state: DemoState, extra: Extra, random: Random) -> int:
    """Draw by how many days a school's dates are moved back: whole weeks, so that weekdays stay the same."""
    return -7 * random.randint(0, extras_of(state)[extra].weeks)


def draw_pupils(random: Random) -> int:
    """Draw the number of pupils: many small schools, few large ones."""
    return max(12, min(3000, int(random.lognormvariate(5.6, 0.8))))
