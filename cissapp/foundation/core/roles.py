"""The roles that a person can have."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class Role(StrEnum):
    """A person's function in the programme; each person has one role."""

    SCHOOL_MANAGER = "school_manager"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    MINISTRY = "ministry"
    REGION_OFFICER = "region_officer"
    SECRETARIAT = "secretariat"
    GUEST = "guest"


ROLE_NAMES = {
    Role.SCHOOL_MANAGER: N_("School manager"),
    Role.REVIEWER: N_("Reviewer"),
    Role.COORDINATOR: N_("Coordinator of a national group"),
    Role.MINISTRY: N_("Ministry"),
    Role.REGION_OFFICER: N_("Region officer"),
    Role.SECRETARIAT: N_("Secretariat"),
    Role.GUEST: N_("Guest auditor of one case"),
}
