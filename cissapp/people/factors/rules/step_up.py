"""What is asked again before it is done: what weighs much, takes much away, or gives somebody power."""

from datetime import datetime, timedelta

CONFIRMED_FOR = timedelta(minutes=15)

_FORM, _FILE, _PAGE = frozenset({"POST"}), frozenset({"GET"}), frozenset({"GET", "POST"})

# The own factors: asked for on every installation, also on one that asks no second proof of anybody.
OWN_FACTORS = {
    "factors.begin_app": _FORM,
    "factors.add_app": _FORM,
    "factors.add_passkey": _PAGE,
    "factors.remove_app": _FORM,
    "factors.remove_passkey": _FORM,
    "factors.renew_codes": _FORM,
}
# Endpoints of all wings, with the methods that ask.
STEP_UP = {
    **OWN_FACTORS,
    "factors.reset": _FORM,
    # decisions
    "reviews.decide": _FORM,
    "appeals.propose": _FORM,
    "appeals.vote": _FORM,
    # certificates
    "certificates.withdraw": _FORM,
    "certificates.suspend": _FORM,
    "certificates.reinstate": _FORM,
    "upkeep.suspend": _FORM,
    # files with whole lists, or with people
    "school_lists.schools_csv": _FILE,
    "school_lists.schools_xlsx": _FILE,
    "school_lists.result_csv": _FILE,
    "school_lists.result_xlsx": _FILE,
    "followup.schools_csv": _FILE,
    "followup.schools_xlsx": _FILE,
    "calibration.agreement_csv": _FILE,
    "directory.bulk_zip": _FILE,
    "briefs.export": _FILE,
    # who may what
    "enrolment.invite_staff": _FORM,
    "enrolment.resend_staff": _FORM,
    "enrolment.close_account": _FORM,
    "sign_on.add": _FORM,
    "sign_on.switch_on": _FORM,
    "independence.guests": _FORM,
    "api.make_token": _FORM,
    "api.webhooks": _FORM,
}


def asks_again(
    endpoint: str | None,
    method: str,
    *,
    confirmed_at: datetime | None,
    at: datetime,
    required: bool,
) -> bool:
    """Return whether a request must wait until its person has proved once more who they are.

    `required` is what the installation asks of staff; the own factors are guarded in any case.
    """
    table = STEP_UP if required else OWN_FACTORS
    name = "GET" if method == "HEAD" else method
    if name not in table.get(endpoint or "", frozenset()):
        return False
    return confirmed_at is None or at - confirmed_at > CONFIRMED_FOR


def is_file(endpoint: str) -> bool:
    """Return whether an endpoint gives a file, which leaves the browser on the page before it."""
    return STEP_UP.get(endpoint) == _FILE
