"""Where each column of the tables of `learn` stands in the data map."""

from cissapp.oversee.personal_data.rules.columns import Keep, Purpose, Rows, table

TABLES = (
    table(
        "attempt",
        Purpose.LEARNING,
        Keep.ACCOUNT,
        owner="user_id",
        work="state started_at expires_at closed_at reminded_at",
        plain="id module_id module_version purpose language policy_document points total",
    ),
    table(
        "attempt_question",
        Purpose.LEARNING,
        Keep.ACCOUNT,
        plain="attempt_id position question_id version_id options chosen sequence saved_at points",
    ),
    table(
        "late_answer",
        Purpose.LEARNING,
        Keep.ACCOUNT,
        plain="id attempt_id position chosen chosen_digest reason made_at received_at",
    ),
    table(
        "learner",
        Purpose.LEARNING,
        Keep.ACCOUNT,
        owner="user_id",
        work="reminders_stopped_at reminded_at",
        plain="extra_time reminders_sent",
        rows=Rows.DELETED,
    ),
    table(
        "lesson_progress",
        Purpose.LEARNING,
        Keep.ACCOUNT,
        owner="user_id",
        work="opened_at read_at",
        plain="module_id lesson_id read_version",
        rows=Rows.DELETED,
    ),
    table(
        "module_pass",
        Purpose.LEARNING,
        Keep.ACCOUNT,
        owner="user_id",
        work="passed_at",
        plain="module_id attempt_id module_version",
    ),
    table(
        "question_version",
        Purpose.LEARNING,
        Keep.REGISTER,
        plain="id module_id question_id digest document first_asked_at",
    ),
    table(
        "voided_question",
        Purpose.LEARNING,
        Keep.REGISTER,
        writer="voided_by_id",
        text="reason",
        work="voided_at",
        plain="module_id question_id",
    ),
)
