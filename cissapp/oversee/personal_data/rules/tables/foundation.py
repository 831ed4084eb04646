"""Where each column of the tables of `foundation` stands in the data map."""

from cissapp.oversee.personal_data.rules.columns import Keep, Kept, Purpose, table

TABLES = (
    table(
        "amendment",
        Purpose.SERVICE,
        Keep.REGISTER,
        plain="id removal_id subject_id number sha256 length amended_at",
    ),
    table(
        "audit_entry",
        Purpose.TRAIL,
        Keep.TRAIL,
        writer="actor_id",
        frozen="facts",
        work="at",
        plain="id event actor_role subject_type subject_id school_id hash",
        exception=Kept.TRAIL,
    ),
    table("audit_seal", Purpose.TRAIL, Keep.REGISTER, plain="id at up_to_id count hash"),
    table(
        "background_task",
        Purpose.SERVICE,
        Keep.SHORT,
        plain="id kind subject_id made_at due_at claimed_until tries last_error given_up_at",
    ),
    table(
        "confirmation",
        Purpose.SERVICE,
        Keep.CASE,
        author="confirmed_by_id",
        work="confirmed_at",
        plain="id school_id subject_type subject_id counts",
    ),
    table(
        "removal",
        Purpose.SERVICE,
        Keep.REGISTER,
        author="removed_by_id",
        work="removed_at",
        plain="id school_id application_id subject_type subject_id subject_key reason",
    ),
)
