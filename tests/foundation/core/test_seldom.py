"""What is logged once a minute."""

import logging

from cissapp.foundation.core.engines.seldom import SeldomLog


def test_the_same_is_logged_once_a_minute(caplog):
    caplog.set_level(logging.WARNING, "ciss.tests")
    now = [0.0]
    log = SeldomLog(logging.getLogger("ciss.tests"), lambda: now[0])

    for at in (0.0, 1.0, 59.9, 60.0, 61.0):
        now[0] = at
        log.warning("away (%s)", at)
        log.warning("late")

    assert caplog.messages == ["away (0.0)", "late", "away (60.0)", "late"]
