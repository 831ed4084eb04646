"""Where each column of the tables of `certify` stands in the data map."""

from cissapp.oversee.personal_data.rules.columns import Keep, Kept, Purpose, table

TABLES = (
    table(
        "certificate",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        author="issued_by_id",
        frozen="facts",
        work="valid_from_on valid_until_on issued_at",
        plain="id number code school_id application_id cycle attempt level facts_sha256 key_id",
        exception=Kept.CERTIFICATE,
    ),
    table("checkpoint", Purpose.CERTIFICATE, Keep.REGISTER, plain="size root note at"),
    table(
        "cosignature",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        plain="id size witness vkey line signed_at added_at",
    ),
    table(
        "credential",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        frozen="text jwt",
        plain="id certificate_id edition key_id revocation_list_id revocation_index suspension_list_id suspension_index status_list_id status_index made_at",
        exception=Kept.CERTIFICATE,
    ),
    table(
        "cure",
        Purpose.APPLICATION,
        Keep.REGISTER,
        writer="stated_by_id",
        text="reason statement",
        work="began_at stated_at ended_at",
        plain="id certificate_id school_id",
    ),
    table(
        "log_leaf",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        plain="leaf_index register_entry_id salt number event data hash",
    ),
    table("log_node", Purpose.CERTIFICATE, Keep.REGISTER, plain="level position hash"),
    table(
        "publication",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        plain="certificate_id school_id cycle file_key file_sha256 file_size key_id published_at",
    ),
    table(
        "quorum_gap",
        Purpose.CERTIFICATE,
        Keep.SCHOOL,
        plain="id school_id lost_at noted_at asked_at ended_at",
    ),
    table(
        "register_entry",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        frozen="reason payload",
        plain="id certificate_id event at by_id previous_hash hash",
        exception=Kept.CERTIFICATE,
    ),
    table(
        "reminder_sent",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        plain="certificate_id matter step sent_at",
    ),
    table(
        "status_list",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        plain="id purpose number base_url made_at",
    ),
    table(
        "status_snapshot",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        plain="id list_id text bits_sha256 key_id signed_at valid_until_at",
    ),
    table(
        "year_confirmation",
        Purpose.CERTIFICATE,
        Keep.REGISTER,
        author="confirmed_by_id",
        work="phones_tested_on policy_review_on confirmed_at",
        plain="id certificate_id school_id year staff_total staff_trained classes_taught",
    ),
)
