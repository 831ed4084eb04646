"""What a head does first on the page of the toolkit."""

from enum import StrEnum

from msgspec import Struct


class FirstThing(StrEnum):
    """The one next thing of the toolkit."""

    WAYS = "ways"
    RENEW = "renew"
    CONFIRM = "confirm"
    POLICY = "policy"
    PRODUCT = "product"
    POSTERS = "posters"
    PLAN = "plan"


class ToolkitFacts(Struct, frozen=True):
    """What decides about the next thing.

    `has_ways` is whether people and ways to report are described; `has_old` whether a paper carries an old
    value; `has_unconfirmed` whether a number is left out because nobody confirmed it.
    """

    has_ways: bool
    has_old: bool
    has_unconfirmed: bool
    has_policy: bool
    has_all_products: bool
    has_posters: bool


def first_thing(facts: ToolkitFacts) -> FirstThing:
    """Choose what is next: what all is made of, what is wrong on a wall, what is not made, then the plan."""
    order = (
        (FirstThing.WAYS, not facts.has_ways),
        (FirstThing.RENEW, facts.has_old),
        (FirstThing.CONFIRM, facts.has_unconfirmed),
        (FirstThing.POLICY, not facts.has_policy),
        (FirstThing.POSTERS, not facts.has_posters),
        (FirstThing.PRODUCT, not facts.has_all_products),
    )
    return next((thing for thing, is_open in order if is_open), FirstThing.PLAN)
