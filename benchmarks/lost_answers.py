"""Kills a learner's browser and cuts the connection repeatedly at random times, and checks the answers.

    .venv/bin/python -m benchmarks.lost_answers 200 [seed]

Runs its own server and Chromium. Prints how often each kind of failure occurred, how many answers were
acknowledged or kept meanwhile, and every answer that was lost or wrongly reported as saved; exits with 1 if any was.
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.cutting import run
from tests.browser.lines import running
from tests.migrated import migrated_file

ROUNDS, SEED = 200, 1


def main(rounds: int, seed: int) -> int:
    """Run the rounds and print the results."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder, migrated_file(folder)) as place, sync_playwright() as playwright:
            result = run(playwright, place, folder / "browser", rounds, seed)
    for way, count in result.ways.items():
        print(f"{way:24}{count:6}")
    print(f"{'said to be saved':24}{result.acknowledged:6}")
    print(f"{'said to be kept':24}{result.kept:6}")
    print(f"{'lost or untrue':24}{len(result.faults):6}")
    print(f"{'seconds':24}{time.monotonic() - begun:6.0f}")
    print("\n".join(result.faults))
    return 1 if result.faults else 0


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:3]]
    sys.exit(main(*(given + [ROUNDS, SEED][len(given) :])))
