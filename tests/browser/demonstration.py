"""Makes the demonstration for the browsers; most of its people have passed without learning lesson by lesson.

python -m tests.browser.demonstration FOLDER [COUNTRY]

With a country, that of the people who walk, only it has schools that have handed a dossier in: those of the other
large one would be the same once more. All of Belarus is made, so that every country is told of.
"""

import sys
from contextlib import nullcontext
from datetime import datetime
from unittest.mock import patch

import cissapp.factory  # noqa: F401 -- the first: statements are built with the types of tables that are known
from cissapp.cli import main
from cissapp.operate.demo.schools import stories
from cissapp.operate.demo.schools.people import SchoolStory
from tests.operate.learners import most_have_passed

EARLY = set(stories.SINCE) - stories.TRAINED
WHOLE = {"BY"}


def told(now: datetime) -> list[SchoolStory]:
    """List the schools of the country that is walked, and of the others those that have handed nothing in."""
    return [
        tale
        for tale in plain(now)
        if tale.country.code in {*WHOLE, *sys.argv[2:]} or tale.state in EARLY
    ]


if __name__ == "__main__":
    plain = stories.tales
    fewer = patch.object(stories, "tales", told) if sys.argv[2:] else nullcontext()
    with most_have_passed(), fewer:
        main(["demo", "--no-serve", "--few", "--folder", sys.argv[1]])
