"""Settings that belong together: what does not fit is named at the start, all at once."""

import pytest

from config import Config, WrongSettings

NEEDED = {"CISS_SECRET_KEY": "x" * 32, "CISS_BASE_URL": "https://ciss.example"}
STORE = {
    "CISS_FILES_URL": "s3://bucket/files",
    "CISS_S3_ENDPOINT": "https://store.example:8333/",
    "CISS_S3_REGION": "eu",
    "CISS_S3_KEY": "key",
    "CISS_S3_SECRET": "secret",
}
POSTGRES = {"CISS_DATABASE_URL": "postgresql://one/ciss"}


def test_the_settings_of_a_store_by_the_names_of_its_client():
    assert Config.from_env(NEEDED | STORE).s3_settings == {
        "endpoint": "https://store.example:8333",
        "region": "eu",
        "access_key_id": "key",
        "secret_access_key": "secret",
    }
    assert Config.from_env(NEEDED).s3_settings == {}


def test_a_replica_is_reached_as_the_database_is():
    found = Config.from_env(NEEDED | POSTGRES | {"CISS_REPLICA_URL": "postgresql://two/ciss"})

    assert (found.replica_url, Config.from_env(NEEDED).replica_url) == (
        "postgresql+psycopg://two/ciss",
        "",
    )


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (
            {"CISS_S3_ENDPOINT": "store:8333"},
            "CISS_S3_ENDPOINT must be an address such as https://store",
        ),
        (
            {"CISS_S3_REGION": "eu"},
            "CISS_S3_REGION: can only be set if CISS_FILES_URL begins with s3://",
        ),
        (
            {"CISS_FILES_URL": "s3://bucket", "CISS_S3_KEY": "key"},
            "CISS_S3_KEY and CISS_S3_SECRET: set both, or neither",
        ),
        (
            {"CISS_REPLICA_URL": "postgresql://two/ciss"},
            "CISS_REPLICA_URL: can only be set if CISS_DATABASE_URL is PostgreSQL",
        ),
        (
            POSTGRES | {"CISS_REPLICA_URL": "sqlite:////two"},
            "CISS_REPLICA_URL must begin with postgresql://",
        ),
        ({"CISS_SECURITY_CONTACT": "somebody"}, "CISS_SECURITY_CONTACT must begin with mailto:"),
        ({"CISS_LIMITS_URL": "reddis://host"}, "CISS_LIMITS_URL must be memory:// or redis://"),
    ],
)
def test_what_does_not_fit_is_named(wrong, named):
    with pytest.raises(WrongSettings, match=named):
        Config.from_env(NEEDED | wrong)


def test_secrets_do_not_stand_in_what_is_printed_of_the_settings():
    config = Config.from_env(
        NEEDED | STORE | POSTGRES | {"CISS_REPLICA_URL": "postgresql://u:hidden@two/ciss"}
    )

    assert "hidden" not in repr(config)
    assert "'secret'" not in repr(config)
