"""Settings that are too weak for an installation that others reach, and names that nothing reads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cissapp.operate.operations.rules import clock_fault, unknown_names, weak_settings
from config import Config

GOOD = {
    "secret_key": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c",
    "base_url": "https://ciss.school.md",
    "mail_url": "smtps://user:word@relay.school.md",
    "mail_from": "no-reply@ciss.school.md",
}
POSTGRES = "postgresql+psycopg://"
STRONG = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"


def weak(*, debugging: bool = False, keys_exposed: bool = False, **changed: object) -> list[str]:
    config = Config(**{**GOOD, **changed})  # type: ignore[arg-type]
    return weak_settings(config, debugging=debugging, keys_exposed=keys_exposed)


def test_good_settings_are_not_refused():
    assert weak() == []
    assert weak(secret_key_old=(STRONG,)) == []
    assert weak(mail_url="smtp://user:word@relay.school.md:587?starttls=1") == []
    assert weak(database_url=f"{POSTGRES}db.school.md/ciss?sslmode=verify-full") == []
    for inner in ("/ciss?host=/var/run/postgresql", "10.0.0.3/ciss", "database/ciss"):
        assert weak(database_url=POSTGRES + inner, limits_url="redis://limits:6379/0") == []
    assert weak(limits_url="rediss://:word@redis.school.md") == []
    assert weak(mail_url="smtp://user:word@127.0.0.1:25", s3_endpoint="http://10.0.0.4:8333") == []


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"secret_key": "a" * 40}, "CISS_SECRET_KEY is easy to guess"),
        ({"secret_key": "Please-change-me-0123456789-abcdef"}, "CISS_SECRET_KEY is easy to guess"),
        ({"secret_key": "0123456789abcdef" * 2}, "CISS_SECRET_KEY is easy to guess"),
        ({"secret_key_old": ("ab" * 20,)}, "CISS_SECRET_KEY_OLD is easy to guess"),
        ({"secret_key_old": (GOOD["secret_key"],)}, "CISS_SECRET_KEY is also in"),
        ({"base_url": "http://ciss.school.md"}, "CISS_BASE_URL begins with http://"),
        ({"debugging": True}, "FLASK_DEBUG is on"),
        ({"second_factor": False}, "CISS_SECOND_FACTOR is 0"),
        ({"webhooks_to_loopback": True}, "CISS_WEBHOOKS_TO_LOOPBACK is 1"),
        ({"demo": True}, "CISS_DEMO is 1"),
        ({"mail_url": "file:///mail"}, "CISS_MAIL_URL is a folder"),
        ({"mail_url": "smtp://user:word@relay.school.md"}, "CISS_MAIL_URL sends its password"),
        ({"mail_from": "no-reply@localhost.example"}, "CISS_MAIL_FROM is not set"),
        ({"s3_endpoint": "http://store.school.md"}, "CISS_S3_ENDPOINT is http://"),
        ({"database_url": f"{POSTGRES}db.school.md/ciss"}, "CISS_DATABASE_URL leads to another"),
        ({"database_url": f"{POSTGRES}/ciss?host=db.school.md"}, "CISS_DATABASE_URL leads to"),
        ({"replica_url": f"{POSTGRES}db.school.md/c?sslmode=require"}, "CISS_REPLICA_URL leads"),
        ({"limits_url": "redis://:word@redis.school.md"}, "CISS_LIMITS_URL is redis://"),
        ({"queue_url": "redis://:word@redis.school.md"}, "CISS_QUEUE_URL is redis://"),
        ({"clamd_url": "tcp://scan.school.md:3310"}, "CISS_CLAMD_URL leads to another network"),
        ({"keys_exposed": True, "keys_dir": Path("/k")}, "CISS_KEYS_DIR can be read by others"),
    ],
)
def test_each_weakness_is_named_alone(changed: dict[str, object], begins: str):
    (said,) = weak(**changed)  # type: ignore[arg-type]

    assert said.startswith(begins)
    for secret in (GOOD["secret_key"], "word", "a" * 40):
        assert secret not in said.replace("password", "")


def test_all_weaknesses_are_named_at_once():
    said = weak(
        base_url="http://ciss.school.md", second_factor=False, demo=True, mail_url="file:///m"
    )

    assert [one.partition(" ")[0] for one in said] == [
        "CISS_BASE_URL",
        "CISS_MAIL_URL",
        "CISS_SECOND_FACTOR",
        "CISS_DEMO",
    ]


def test_what_only_this_machine_reaches_may_be_weak():
    for address in ("http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"):
        assert weak(base_url=address, demo=True, debugging=True, secret_key="a" * 40) == []


def test_a_name_that_nobody_has_is_a_trial_but_for_what_is_never_right():
    trial = {"base_url": "http://ciss.example", "mail_url": "file:///mail"}

    assert weak(**trial) == []
    assert len(weak(**trial, debugging=True, secret_key="a" * 40, second_factor=False)) == 3


def test_a_name_that_nothing_reads_is_named_with_the_one_that_is_meant():
    assert unknown_names(
        {"CISS_BASEURL": "", "CISS_XYZ": "", "CISS_SECRET_KEY_FILE": "", "PATH": ""}
    ) == [
        "CISS_BASEURL is not a setting; perhaps you mean CISS_BASE_URL",
        "CISS_XYZ is not a setting",
    ]


AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "last_run", "ahead"),
    [
        ([], None, None),
        ([timedelta(minutes=-10)], None, None),
        ([timedelta(minutes=-11)], None, False),
        ([timedelta(days=40)], timedelta(minutes=-11), True),
        ([timedelta(days=35)], None, None),
        ([timedelta(days=36)], None, True),
        ([], timedelta(days=36), True),
        ([], timedelta(days=35), None),
        # One line under a clock that is ahead is no proof of it.
        ([timedelta(minutes=5)], timedelta(days=36), True),
        ([timedelta(days=500), timedelta(minutes=5)], None, True),
        # The day's work did not run for a summer, or never, while people worked.
        ([timedelta(days=day) for day in range(0, 90, 30)], timedelta(days=90), None),
        ([timedelta(days=day) for day in range(0, 900, 30)], None, None),
        # Nor is a summer of which nothing was recorded, once people have worked for weeks.
        ([timedelta(days=day) for day in (0, 20, 36, 90)], None, None),
        ([timedelta(days=day) for day in (0, 20, 35, 90)], None, True),
        ([timedelta(days=day) for day in (0, 20, 36, 500)], None, True),
    ],
)
def test_a_clock_is_reported_if_it_is_behind_or_nothing_was_recorded_for_weeks(
    lines, last_run, ahead
):
    moments = [AT - line for line in lines]

    found = clock_fault(
        AT,
        lines=moments,
        newest_line=max(moments, default=None),
        last_run=None if last_run is None else AT - last_run,
    )

    assert (found and found.ahead) == ahead
