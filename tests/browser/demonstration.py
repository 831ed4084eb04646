"""Makes the demonstration for the browsers; most of its people have passed without learning lesson by lesson.

python -m tests.browser.demonstration FOLDER
"""

import sys

import cissapp.factory  # noqa: F401 -- the first: statements are built with the types of tables that are known
from cissapp.cli import main
from tests.operate.learners import most_have_passed

if __name__ == "__main__":
    with most_have_passed():
        main(["demo", "--no-serve", "--few", "--folder", sys.argv[1]])
