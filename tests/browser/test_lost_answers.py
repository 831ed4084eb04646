"""No answer that was acknowledged or kept is lost, whatever breaks and when."""

from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM
from tests.browser.lines import running

pytestmark = pytest.mark.browser

ROUNDS = 8


def test_no_answer_is_lost_and_none_is_called_saved_that_is_not(tmp_path: Path, migrated: Path):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    from tests.browser.cutting import WAYS, run

    # How a server is killed is tried in `tests/journeys/test_durability.py`, without a browser.
    with running(tmp_path, migrated) as place, sync_playwright() as playwright:
        result = run(playwright, place, tmp_path / "browser", ROUNDS, seed=11, ways=WAYS[:3])

    assert result.faults == []
    assert result.acknowledged > 0
    assert result.kept > 0
