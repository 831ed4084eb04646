"""How schools are spread: over states, over regions of very different size, over three years."""

from collections.abc import Mapping, Sequence
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
    DemoState.CERTIFIED: Share(218, 130),
    DemoState.SUSPENDED: Share(4, 3),
    DemoState.WITHDRAWN: Share(4, 40),
}
DECIDED = frozenset({DemoState.CERTIFIED, DemoState.SUSPENDED, DemoState.WITHDRAWN})
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


def draw_shift(state: DemoState, random: Random) -> int:
    """Draw by how many days a school's dates are moved back: whole weeks, so that weekdays stay the same."""
    return -7 * random.randint(0, SHARES[state].weeks)


def draw_pupils(random: Random) -> int:
    """Draw the number of pupils: many small schools, few large ones."""
    return max(12, min(3000, int(random.lognormvariate(5.6, 0.8))))
