"""The common facts of a line in the reader's language; those without a translation appear as recorded."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from cissapp.foundation.background.rules import KIND_NAMES
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import ROLE_NAMES
from cissapp.foundation.web import languages
from cissapp.people.accounts.rules import DUTY_NAMES, Proof
from cissapp.people.accounts.services.invitations import INVITER_LEFT
from cissapp.people.handover.rules.powers import ACT_NAMES, OUTCOME_NAMES
from cissapp.prepare.applications.rules import STATE_NAMES

FACT_NAMES = {
    "act": N_("Action"),
    "application": N_("Application"),
    "because": N_("Why"),
    "count": N_("How many"),
    "countries": N_("Countries"),
    "country": N_("Country"),
    "criterion": N_("Criterion"),
    "cycle": N_("Application number"),
    "decision": N_("Decision"),
    "duty": N_("Role at the school"),
    "how": N_("Result"),
    "issuer": N_("Address of its sign-in service (issuer)"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "level": N_("Level"),
    "module": N_("Module"),
    "month": N_("Month"),
    "name": N_("Name or title"),
    "new": N_("State afterwards"),
    "new_passwords": N_("Passwords that no longer work"),
    "number": N_("Number"),
    "old": N_("State before"),
    "on": N_("Switched on"),
    "others": N_("Other sessions ended"),
    "outcome": N_("Outcome"),
    "part": N_("Part"),
    "passed": N_("Passed"),
    "person": N_("Person"),
    "proof": N_("Confirmed with"),
    "provider": N_("Organisation"),
    "question": N_("Question"),
    "reason": N_("Reason"),
    "recommendation": N_("Recommendation"),
    "role": N_("Role"),
    "round": N_("Round"),
    "seat": N_("Task in the case"),
    "since": N_("Since"),
    "until": N_("Until"),
    "version": N_("Version"),
    "year": N_("Year"),
}
PROOF_NAMES = {
    Proof.PASSWORD: N_("Password"),
    Proof.INVITATION: N_("Invitation"),
    Proof.APP_CODE: N_("Authenticator app"),
    Proof.PASSKEY: N_("Passkey"),
    Proof.RECOVERY_CODE: N_("Recovery code"),
    Proof.PROVIDER: N_("Account of an organisation"),
}
FACTOR_NAMES = {"app": N_("Authenticator app"), "passkey": N_("Passkey")}
REASON_NAMES = {
    INVITER_LEFT: N_("The account or task of the person who sent the invitation has ended")
}
_VALUES: Mapping[str, Mapping[Any, str]] = {
    "act": ACT_NAMES,
    "because": REASON_NAMES,
    "duty": DUTY_NAMES,
    "how": OUTCOME_NAMES,
    "kind": {**PROOF_NAMES, **FACTOR_NAMES, **KIND_NAMES},
    "new": STATE_NAMES,
    "old": STATE_NAMES,
    "proof": PROOF_NAMES,
    "role": ROLE_NAMES,
}


def facts_in_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the facts of a line as names and values in words, by name."""
    said = [
        (str(_(FACT_NAMES[name])) if name in FACT_NAMES else name, _value(name, value))
        for name, value in facts.items()
    ]
    return sorted(said)


def _value(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(_value(name, one) for one in value)
    return _word(name, value) if isinstance(value, str) else str(value)


def _word(name: str, value: str) -> str:
    if name in {"country", "countries"}:
        return languages.country_name(value)
    if name == "language":
        return languages.NAMES.get(value, value)
    known = _VALUES.get(name, {}).get(value)
    return str(_(known)) if known else value
