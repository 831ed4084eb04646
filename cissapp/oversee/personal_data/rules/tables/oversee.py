"""Where each column of the tables of `oversee` stands in the data map."""

from cissapp.oversee.personal_data.rules.columns import Keep, Purpose, Rows, table

TABLES = (
    table(
        "answered_request",
        Purpose.PROGRAM,
        Keep.SHORT,
        owner="user_id",
        hidden="answer",
        work="answered_at",
        plain="id key sha256",
        rows=Rows.DELETED,
    ),
    table(
        "api_token",
        Purpose.PROGRAM,
        Keep.ACCOUNT,
        owner="user_id",
        own="name",
        hidden="token_hash hint",
        work="made_at ends_at last_used_at ended_at",
        plain="id scopes role group_id country_code region_code ended_because",
        rows=Rows.DELETED,
    ),
    table(
        "frozen_count", Purpose.FIGURES, Keep.REGISTER, plain="edition_id region_code figure count"
    ),
    table(
        "frozen_edition",
        Purpose.FIGURES,
        Keep.REGISTER,
        plain="id country_code month version frozen_at reason",
    ),
    table(
        "frozen_measure",
        Purpose.FIGURES,
        Keep.REGISTER,
        plain="edition_id region_code measure detail value",
    ),
    table(
        "latest_measure",
        Purpose.FIGURES,
        Keep.REGISTER,
        plain="country_code region_code measure detail value measured_at",
    ),
    table(
        "webhook",
        Purpose.PROGRAM,
        Keep.ACCOUNT,
        owner="user_id",
        own="url",
        hidden="salt",
        work="added_at stopped_at",
        plain="id kinds stopped_because",
    ),
    table(
        "webhook_message",
        Purpose.PROGRAM,
        Keep.SHORT,
        hidden="body",
        plain="id webhook_id kind queued_at next_try_at claimed_until tries tried_at sent_at given_up_at status error",
    ),
)
