"""Requests that need a fresh proof: sensitive ones, those that remove much, or give somebody power."""

from datetime import datetime, timedelta

CONFIRMED_FOR = timedelta(minutes=15)

_FORM, _FILE, _PAGE = frozenset({"POST"}), frozenset({"GET"}), frozenset({"GET", "POST"})

# What opens the person's own account: guarded even on an installation that requires no second proof.
OWN_FACTORS = {
    "factors.begin_app": _FORM,
    "factors.add_app": _FORM,
    "factors.add_passkey": _PAGE,
    "factors.remove_app": _FORM,
    "factors.remove_passkey": _FORM,
    "factors.renew_codes": _FORM,
    # an account elsewhere that opens this one
    "sign_on.begin_link": _FILE,
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
    "complaints.answer_case": _FORM,  # an answer can suspend
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
    "briefs.bag": _FILE,
    "personal_data.download": _FORM,
    "personal_data.ask_erasure": _FORM,
    "personal_data.erase_person": _FORM,
    "trail.trail_csv": _FILE,
    "trail.trail_xlsx": _FILE,
    # what changes many schools, writes to them, or cannot be undone
    "enrolment.add_country": _FORM,
    "enrolment.add_group": _FORM,
    "enrolment.cover": _FORM,
    "evaluation.void": _FORM,
    "school_lists.start": _FORM,
    "school_lists.merge": _FORM,
    "messages.send": _FORM,
    "reviews.take_out": _FORM,
    # permissions and roles
    "accounts.change_email": _FORM,
    "enrolment.invite": _FORM,
    "joining.show": _FORM,
    "calibration.release": _FORM,
    "independence.waive": _FORM,
    "enrolment.invite_staff": _FORM,
    "enrolment.officer_region": _FORM,
    "enrolment.resend_staff": _FORM,
    "enrolment.close_account": _FORM,
    "sign_on.add": _FORM,
    "sign_on.renew": _FORM,
    "sign_on.switch_on": _FORM,
    "sign_on.remove": _FORM,
    "independence.guests": _FORM,
    "independence.invite_guest_again": _FORM,
    "handover.start": _FORM,
    "handover.start_as_head": _FORM,
    "handover.confirm": _FORM,
    "handover.resend": _FORM,
    "handover.confirm_act": _FORM,
    "handover.replace": _FORM,
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
    """Check whether a request must wait until its person has proved their identity again.

    `required` is whether the installation requires this of staff; a person's own factors are always guarded.
    """
    table = STEP_UP if required else OWN_FACTORS
    name = "GET" if method == "HEAD" else method
    if name not in table.get(endpoint or "", frozenset()):
        return False
    return confirmed_at is None or at - confirmed_at > CONFIRMED_FOR


def is_file(endpoint: str) -> bool:
    """Check whether an endpoint returns a download, which leaves the browser on the previous page."""
    return STEP_UP.get(endpoint) == _FILE and endpoint not in OWN_FACTORS
