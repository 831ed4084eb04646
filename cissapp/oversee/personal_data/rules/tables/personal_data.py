"""Where the columns of this room's own tables stand in the data map."""

from cissapp.oversee.personal_data.rules.columns import Keep, Purpose, table

TABLES = (
    table(
        "erasure_request",
        Purpose.TRAIL,
        Keep.REGISTER,
        owner="user_id",
        author="asked_by_id stopped_by_id",
        work="asked_at due_at stopped_at done_at",
        plain="id",
    ),
    table(
        "retention_hold",
        Purpose.TRAIL,
        Keep.TRAIL,
        author="held_by_id ended_by_id",
        text="reason",
        work="held_at until_on ended_at",
        plain="id school_id group_id",
    ),
    table(
        "retention_mark",
        Purpose.TRAIL,
        Keep.TRAIL,
        owner="user_id",
        work="marked_at due_at group_told_at ended_at",
        plain="id rule subject_id school_id outcome",
    ),
    table("retention_run", Purpose.TRAIL, Keep.REGISTER, plain="id at rule marked held gone"),
)
