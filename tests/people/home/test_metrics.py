"""Figures for the monitoring: for this machine and for who has the token, without people and schools."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.installation.run_records import DAILY, RunRecord, keep_run
from cissapp.foundation.core.storage import files
from cissapp.people.home import queries

TOKEN = "3f9a01c2-a-token-of-a-trial"
PUBLIC = {"base_url": "http://ciss.example"}
LOCAL = {"base_url": "http://127.0.0.1:8000", "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}


def figures(answer) -> dict[str, float]:
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    return {
        f"{one.name}{sorted(one.labels.items()) or ''}": one.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for one in family.samples
    }


@pytest.fixture
def with_token(app, monkeypatch):
    monkeypatch.setitem(app.config, "CISS", replace(app.config["CISS"], metrics_token=TOKEN))


@pytest.mark.parametrize(
    "values",
    [
        {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}},
        PUBLIC,  # from this machine, by the public name: a proxy asks
        {**LOCAL, "headers": {"X-Forwarded-For": "203.0.113.9"}},
        {**LOCAL, "headers": {"X-Forwarded-Proto": "https"}},
        {**LOCAL, "headers": {"Forwarded": "for=203.0.113.9"}},
        {**PUBLIC, "headers": {"Authorization": "Bearer "}},
        {**PUBLIC, "headers": {"Authorization": "Bearer None"}},
        {**PUBLIC, "headers": {"Authorization": "Basic Og=="}},
    ],
)
def test_others_find_nothing(client, values):
    assert client.get("/metrics", **values).status_code == 404


def test_a_token_opens_them_from_elsewhere_and_a_wrong_one_does_not(client, with_token):
    def asked(sent: str) -> int:
        return client.get("/metrics", headers={"Authorization": sent}, **PUBLIC).status_code

    assert asked(f"Bearer {TOKEN}") == 200
    assert [asked(sent) for sent in (f"Bearer {TOKEN}x", "Bearer", f"Basic {TOKEN}", TOKEN)] == [
        404
    ] * 4


def test_a_secretariat_that_is_signed_in_does_not_see_them(make, sign_in):
    from cissapp.foundation.core.roles import Role

    assert sign_in(make.user(Role.SECRETARIAT)).get("/metrics", **PUBLIC).status_code == 404


def test_requests_runs_mails_and_schools_are_counted(app, client, make):
    from cissapp.foundation.core import clock

    make.school(
        standing="withdrawn",
        level=1,
        valid_until_on=date(2028, 1, 1),
        progress="decided",
        name="A secret school",
    )
    with app.app_context():
        ended = clock.now() - timedelta(hours=2)
        keep_run(files(), DAILY, RunRecord(ended, 12.5, ("a job",)))
    before = figures(client.get("/metrics", **LOCAL))
    client.get("/help/MD")
    client.get("/nowhere/really")
    answer = client.get("/metrics", **LOCAL)
    after = figures(answer)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more("ciss_requests_total[('route', '/help/<country_code>'), ('status', '2xx')]") == 1
    assert more("ciss_requests_total[('route', '(none)'), ('status', '4xx')]") == 1
    assert more("ciss_request_duration_seconds_count[('kind', 'read')]") == 3
    assert after["ciss_schools[('standing', 'withdrawn')]"] == 1
    assert (after["ciss_mail_waiting"], after["ciss_service_up[('service', 'database')]"]) == (
        0,
        1,
    )
    assert after["ciss_daily_failed_jobs"] == 1
    assert after["ciss_daily_last_run_timestamp_seconds"] == ended.timestamp()
    text = answer.get_data(as_text=True)
    assert not any(word in text for word in ("A secret school", "/help/MD", "nowhere"))


def test_without_the_database_the_rest_is_told(client, monkeypatch):
    def away():
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(queries.tallies, "totals_by_country", away)
    found = figures(client.get("/metrics", **LOCAL))

    assert "ciss_mail_waiting" not in found
    assert any(name.startswith("ciss_info") for name in found)
