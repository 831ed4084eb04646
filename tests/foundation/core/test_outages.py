"""A service that was asked in vain is left alone for some seconds; then one asks for all."""

from cissapp.foundation.core.engines.outages import Outage


def test_while_a_service_is_away_one_asks_each_few_seconds():
    now = [0.0]
    outage = Outage(3.0, clock=lambda: now[0])
    asked = [outage.may_ask(), outage.may_ask()]

    outage.begin()
    for moment in (0.0, 2.9, 3.0, 3.0, 5.9, 6.0):
        now[0] = moment
        asked.append(outage.may_ask())
    outage.end()
    asked += [outage.may_ask(), outage.may_ask()]

    assert asked == [True, True, False, False, True, False, False, True, True, True]
