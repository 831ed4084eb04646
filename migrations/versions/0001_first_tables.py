"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.String(length=40), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "audit_seal",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("up_to_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("up_to_id", name=op.f("uq_audit_seal_up_to_id")),
    )
    op.create_table(
        "country",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_country")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mail_sent_at_next_try_at", ["sent_at", "next_try_at"], unique=False
        )

    op.create_table(
        "national_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_group")),
        sa.UniqueConstraint("name", name=op.f("uq_national_group_name")),
    )
    op.create_table(
        "group_country",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_group_country_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["national_group.id"],
            name=op.f("fk_group_country_group_id_national_group"),
        ),
        sa.PrimaryKeyConstraint("group_id", "country_code", name=op.f("pk_group_country")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=True),
        sa.Column("progress", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(standing = 'none') = (level IS NULL) AND (level IS NULL) = (valid_until_on IS NULL)",
            name=op.f("ck_school_standing_with_level_and_date"),
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_school_level_1_to_3")),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_school_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["national_group.id"], name=op.f("fk_school_group_id_national_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("country_code", "code", name=op.f("uq_school_country_code_code")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(
            "ix_school_country_region", ["country_code", "region_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_school_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            "ix_school_standing_until", ["standing", "valid_until_on"], unique=False
        )

    op.create_table(
        "tally",
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("figure", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_tally_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_tally_country_code_country")
        ),
        sa.PrimaryKeyConstraint("country_code", "region_code", "figure", name=op.f("pk_tally")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("open_criteria", sa.JSON(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'certified') = (level IS NOT NULL)",
            name=op.f("ck_application_level_with_outcome"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL)",
            name=op.f("ck_application_outcome_with_state"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_application_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("school_id", "cycle", name=op.f("uq_application_school_id_cycle")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_application_open",
            ["school_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence_code", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_document_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_school_id"), ["school_id"], unique=False)

    op.create_table(
        "dossier_lock",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("open_criteria", sa.JSON(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_dossier_lock_school_id_school")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_dossier_lock")),
    )
    op.create_table(
        "escalation_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("when_called", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_escalation_step_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_step")),
    )
    with op.batch_alter_table("escalation_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_escalation_step_school_id"), ["school_id"], unique=False
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("country_code", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_by_id", sa.Uuid(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'school_manager') = (school_id IS NOT NULL) AND (role = 'school_manager') = (duty IS NOT NULL) AND (role IN ('reviewer', 'coordinator')) = (group_id IS NOT NULL) AND (role IN ('ministry', 'region_officer', 'school_manager')) = (country_code IS NOT NULL) AND (role = 'region_officer') = (region_code IS NOT NULL)",
            name=op.f("ck_person_role_with_scope"),
        ),
        sa.CheckConstraint(
            "(deactivated_at IS NULL) = (deactivated_by_id IS NULL)",
            name=op.f("ck_person_deactivated_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_person_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["national_group.id"], name=op.f("fk_person_group_id_national_group")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_person_invited_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_person_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_school_id"), ["school_id"], unique=False)

    op.create_table(
        "reporting_channel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("in_holidays", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_reporting_channel_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_channel")),
    )
    with op.batch_alter_table("reporting_channel", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reporting_channel_school_id"), ["school_id"], unique=False
        )

    op.create_table(
        "reporting_mechanism",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("crime_hours", sa.Integer(), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=True),
        sa.Column("plan_days", sa.Integer(), nullable=True),
        sa.Column("confidentiality", sa.Text(), nullable=True),
        sa.Column("no_retaliation", sa.Text(), nullable=True),
        sa.Column("about_staff", sa.Text(), nullable=True),
        sa.Column("evidence_rule", sa.Text(), nullable=True),
        sa.Column("never_handles_images", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "crime_hours > 0 AND answer_days > 0 AND plan_days > 0",
            name=op.f("ck_reporting_mechanism_limits_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_reporting_mechanism_school_id_school")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_reporting_mechanism")),
    )
    op.create_table(
        "reporting_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("trained", sa.Boolean(), nullable=False),
        sa.Column("alternate", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_reporting_person_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_person")),
    )
    with op.batch_alter_table("reporting_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reporting_person_school_id"), ["school_id"], unique=False
        )

    op.create_table(
        "self_score",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_self_score_level_0_to_3")),
        sa.CheckConstraint(
            "not_applicable = (level IS NULL)",
            name=op.f("ck_self_score_level_unless_not_applicable"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_self_score_school_id_school")
        ),
        sa.PrimaryKeyConstraint("school_id", "criterion_id", name=op.f("pk_self_score")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("module_version", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("right_count", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_attempt_closed_at_with_state")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (right_count IS NULL)",
            name=op.f("ck_attempt_right_count_with_closed_at"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_attempt_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_user_module", ["user_id", "module_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_open",
            ["user_id", "module_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_sha256", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_certificate_level_1_to_3")),
        sa.CheckConstraint(
            "valid_from_on < valid_until_on", name=op.f("ck_certificate_from_before_until")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_certificate_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_certificate_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("application_id", name=op.f("uq_certificate_application_id")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("file_key", name=op.f("uq_certificate_file_key")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("school_id", "cycle", name=op.f("uq_certificate_school_id_cycle")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_file_sha256"), ["file_sha256"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_certificate_school_id"), ["school_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_declaration_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_declaration_user_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint(
            "application_id", "user_id", name=op.f("uq_declaration_application_id_user_id")
        ),
    )
    op.create_table(
        "document_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_version_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_document_version_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint(
            "document_id", "number", name=op.f("uq_document_version_document_id_number")
        ),
        sa.UniqueConstraint("file_key", name=op.f("uq_document_version_file_key")),
    )
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_version_school_id"), ["school_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_document_version_sha256"), ["sha256"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("country_code", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'school_manager') = (school_id IS NOT NULL) AND (role = 'school_manager') = (duty IS NOT NULL) AND (role IN ('reviewer', 'coordinator')) = (group_id IS NOT NULL) AND (role IN ('ministry', 'region_officer', 'school_manager')) = (country_code IS NOT NULL) AND (role = 'region_officer') = (region_code IS NOT NULL)",
            name=op.f("ck_invitation_role_with_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_invitation_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["national_group.id"], name=op.f("fk_invitation_group_id_national_group")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_invitation_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_school_id"), ["school_id"], unique=False)

    op.create_table(
        "lesson_progress",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("lesson_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_lesson_progress_user_id_person")
        ),
        sa.PrimaryKeyConstraint(
            "user_id", "module_id", "lesson_id", name=op.f("pk_lesson_progress")
        ),
    )
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_password_reset_user_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_reset_user_id"), ["user_id"], unique=False)

    op.create_table(
        "self_evidence",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_self_evidence_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "criterion_id"],
            ["self_score.school_id", "self_score.criterion_id"],
            name=op.f("fk_self_evidence_school_id_criterion_id_self_score"),
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "criterion_id", "document_id", name=op.f("pk_self_evidence")
        ),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_submission_application_id_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "application_id", "round", name=op.f("uq_submission_application_id_round")
        ),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_user_session_user_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "attempt_question",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_question_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_attempt_question")),
    )
    op.create_table(
        "module_pass",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_module_pass_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_module_pass_user_id_person")
        ),
        sa.PrimaryKeyConstraint("user_id", "module_id", name=op.f("pk_module_pass")),
    )
    op.create_table(
        "register_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_register_entry_certificate_id_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_register_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_register_entry_previous_hash")),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_register_entry_certificate_id"), ["certificate_id"], unique=False
        )

    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommendation", sa.String(length=40), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'handed_in') = (handed_in_at IS NOT NULL)",
            name=op.f("ck_review_handed_in_at_with_state"),
        ),
        sa.CheckConstraint(
            "(handed_in_at IS NULL) = (recommendation IS NULL)",
            name=op.f("ck_review_recommendation_with_handed_in_at"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_review_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["person.id"], name=op.f("fk_review_assessor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_review_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("application_id", "round", name=op.f("uq_review_application_id_round")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_review_assessor_id"), ["assessor_id"], unique=False)

    op.create_table(
        "submitted_version",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submitted_version_submission_id_submission"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["document_version.id"],
            name=op.f("fk_submitted_version_version_id_document_version"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "version_id", name=op.f("pk_submitted_version")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("open_criteria", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'certified') = (level IS NOT NULL)",
            name=op.f("ck_decision_level_with_outcome"),
        ),
        sa.CheckConstraint(
            "assessor_id <> decider_id", name=op.f("ck_decision_decider_is_not_assessor")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_decision_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["person.id"], name=op.f("fk_decision_assessor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["person.id"], name=op.f("fk_decision_decider_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_decision_review_id_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "application_id", "round", name=op.f("uq_decision_application_id_round")
        ),
        sa.UniqueConstraint("review_id", name=op.f("uq_decision_review_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "score",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_score_level_0_to_3")),
        sa.CheckConstraint(
            "not_applicable = (level IS NULL)", name=op.f("ck_score_level_unless_not_applicable")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_score_review_id_review")
        ),
        sa.PrimaryKeyConstraint("review_id", "criterion_id", name=op.f("pk_score")),
    )


def downgrade() -> None:
    op.drop_table("score")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_application_id"))

    op.drop_table("decision")
    op.drop_table("submitted_version")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_assessor_id"))
        batch_op.drop_index(batch_op.f("ix_review_application_id"))

    op.drop_table("review")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_entry_certificate_id"))

    op.drop_table("register_entry")
    op.drop_table("module_pass")
    op.drop_table("attempt_question")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    op.drop_table("submission")
    op.drop_table("self_evidence")
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_reset_user_id"))

    op.drop_table("password_reset")
    op.drop_table("lesson_progress")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_school_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_group_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))

    op.drop_table("invitation")
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_version_sha256"))
        batch_op.drop_index(batch_op.f("ix_document_version_school_id"))

    op.drop_table("document_version")
    op.drop_table("declaration")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_school_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_file_sha256"))

    op.drop_table("certificate")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_attempt_user_module")

    op.drop_table("attempt")
    op.drop_table("self_score")
    with op.batch_alter_table("reporting_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reporting_person_school_id"))

    op.drop_table("reporting_person")
    op.drop_table("reporting_mechanism")
    with op.batch_alter_table("reporting_channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reporting_channel_school_id"))

    op.drop_table("reporting_channel")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_school_id"))
        batch_op.drop_index(batch_op.f("ix_person_group_id"))

    op.drop_table("person")
    with op.batch_alter_table("escalation_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_step_school_id"))

    op.drop_table("escalation_step")
    op.drop_table("dossier_lock")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_school_id"))

    op.drop_table("document")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_open",
            sqlite_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
        )
        batch_op.drop_index(batch_op.f("ix_application_state"))
        batch_op.drop_index(batch_op.f("ix_application_school_id"))

    op.drop_table("application")
    op.drop_table("tally")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index("ix_school_standing_until")
        batch_op.drop_index(batch_op.f("ix_school_group_id"))
        batch_op.drop_index("ix_school_country_region")

    op.drop_table("school")
    op.drop_table("group_country")
    op.drop_table("national_group")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_sent_at_next_try_at")

    op.drop_table("mail")
    op.drop_table("country")
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_school_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
