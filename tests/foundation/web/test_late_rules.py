"""A route that is prepared late writes the addresses of one that is prepared at once."""

from werkzeug.routing import Map, Rule

from cissapp.foundation.web.late_rules import LateRule

WANTED = [
    ("one", {"name": "a b/ü", "number": 7}),
    ("one", {"name": "x", "number": 7, "page": [2, 3]}),
    ("kept", {}),
    ("kept", {"purpose": "before"}),
]


def addresses(kind):
    routes = Map(
        [
            kind("/of/<name>/<int:number>", endpoint="one"),
            kind("/start", endpoint="kept", defaults={"purpose": "quiz"}),
            kind("/start/<any(before, after):purpose>", endpoint="kept"),
        ]
    ).bind("school.example")
    return [routes.build(endpoint, values) for endpoint, values in WANTED * 2]


def test_addresses_are_the_same_the_first_time_and_later():
    assert addresses(LateRule) == addresses(Rule)
