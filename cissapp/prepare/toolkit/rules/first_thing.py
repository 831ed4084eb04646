"""The next step for a head on the front page of the toolkit."""

from enum import StrEnum

from msgspec import Struct


class FirstThing(StrEnum):
    """The single next step in the toolkit."""

    WAYS = "ways"
    RENEW = "renew"
    CONFIRM = "confirm"
    POLICY = "policy"
    PRODUCT = "product"
    POSTERS = "posters"
    PLAN = "plan"


class ToolkitFacts(Struct, frozen=True):
    """The facts that decide the next step.

    `has_ways`: people and ways to report are described; `has_old`: a paper or document states an old value;
    `has_unconfirmed`: a number is left out because nobody has confirmed it.
    """

    has_ways: bool
    has_old: bool
    has_unconfirmed: bool
    has_policy: bool
    has_all_products: bool
    has_posters: bool


def first_thing(facts: ToolkitFacts) -> FirstThing:
    """Return the next step: first what everything builds on, then what is wrong, then what is missing."""
    order = (
        (FirstThing.WAYS, not facts.has_ways),
        (FirstThing.RENEW, facts.has_old),
        (FirstThing.CONFIRM, facts.has_unconfirmed),
        (FirstThing.POLICY, not facts.has_policy),
        (FirstThing.POSTERS, not facts.has_posters),
        (FirstThing.PRODUCT, not facts.has_all_products),
    )
    return next((thing for thing, is_open in order if is_open), FirstThing.PLAN)
