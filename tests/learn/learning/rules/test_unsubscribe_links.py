"""The token that stops reminders names one person, for good, and cannot be made by others."""

from uuid import UUID

import pytest
from itsdangerous import URLSafeSerializer

from cissapp.learn.learning.rules.unsubscribe_links import SALT, read_stop_token, stop_token

PERSON = UUID("12345678-1234-4234-8234-123456789abc")
SECRET = "a secret of the installation, long enough"


def test_a_token_names_its_person_and_is_the_same_each_time():
    token = stop_token(PERSON, SECRET)

    assert (read_stop_token(token, SECRET), stop_token(PERSON, SECRET)) == (PERSON, token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        PERSON.hex,
        stop_token(PERSON, "another secret"),
        stop_token(PERSON, SECRET)[:-1],
        stop_token(PERSON, SECRET) + "A",
        str(URLSafeSerializer(SECRET, salt="acknowledged").dumps(PERSON.hex)),
        str(URLSafeSerializer(SECRET, salt=SALT).dumps("no id")),
        str(URLSafeSerializer(SECRET, salt=SALT).dumps([1])),
        str(URLSafeSerializer(SECRET, salt=SALT).dumps(None)),
    ],
)
def test_anything_else_names_nobody(token):
    assert read_stop_token(token, SECRET) is None
