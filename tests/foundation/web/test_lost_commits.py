"""What counts as the same form sent again."""

from cissapp.foundation.web import lost_commits

SENT = [
    {"data": {"a": "1"}},
    {"data": {"a": "2"}},
    {"json": {"a": "1"}},
    {"json": {"a": "2"}},
]


def test_what_differs_in_a_field_or_the_body_is_another_one(app):
    def digest(**sent):
        with app.test_request_context("/where", method="POST", **sent):
            return lost_commits._digest()

    found = [digest(**one) for one in SENT]

    assert len(set(found)) == len(SENT)
    assert found[0] == digest(data={"a": "1", "csrf_token": "another"})
