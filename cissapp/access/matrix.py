"""Who may do what, and how far: the one table. `ciss access matrix` prints it."""

from cissapp.access.permissions import Permission as P
from cissapp.access.scopes import (
    Scope,
    everywhere,
    own,
    own_country,
    own_group,
    own_region,
    own_school,
)
from cissapp.core.roles import Role as R

MATRIX: dict[P, dict[R, Scope]] = {
    P.ACCOUNT_USE: dict.fromkeys(R, everywhere),
    P.MODULE_READ: {
        R.SCHOOL_MANAGER: everywhere,
        R.REVIEWER: everywhere,
        R.COORDINATOR: everywhere,
        R.SECRETARIAT: everywhere,
    },
    P.PROGRESS_SAVE: {R.SCHOOL_MANAGER: everywhere},
    P.QUIZ_TAKE: {R.SCHOOL_MANAGER: everywhere},
    P.ATTEMPT_READ: {R.SCHOOL_MANAGER: own},
    P.SCHOOL_READ: {
        R.SCHOOL_MANAGER: own_school,
        R.REVIEWER: own_group,
        R.COORDINATOR: own_group,
        R.SECRETARIAT: everywhere,
    },
    P.SCHOOL_REGISTER: {R.COORDINATOR: own_group},
    P.SCHOOL_EDIT: {R.COORDINATOR: own_group},
    P.PERSON_INVITE: {R.SCHOOL_MANAGER: own_school, R.COORDINATOR: own_group},
    P.DOSSIER_READ: {R.SCHOOL_MANAGER: own_school},
    P.DOSSIER_EDIT: {R.SCHOOL_MANAGER: own_school},
    P.APPLICATION_SUBMIT: {R.SCHOOL_MANAGER: own_school},
    P.APPLICATION_READ: {R.REVIEWER: own_group, R.COORDINATOR: own_group},
    P.APPLICATION_REVIEW: {R.REVIEWER: own_group, R.COORDINATOR: own_group},
    P.APPLICATION_DECIDE: {R.REVIEWER: own_group, R.COORDINATOR: own_group},
    P.CERTIFICATE_READ: {
        R.SCHOOL_MANAGER: own_school,
        R.REVIEWER: own_group,
        R.COORDINATOR: own_group,
        R.SECRETARIAT: everywhere,
    },
    P.CERTIFICATE_SUSPEND: {R.COORDINATOR: own_group},
    P.CERTIFICATE_WITHDRAW: {R.SECRETARIAT: everywhere},
    P.OVERSIGHT_READ: {
        R.MINISTRY: own_country,
        R.REGION_OFFICER: own_region,
        R.SECRETARIAT: everywhere,
    },
    P.PROGRAMME_READ: {R.SECRETARIAT: everywhere},
    P.PROGRAMME_EDIT: {R.SECRETARIAT: everywhere},
}
