"""Sentences for what a look at a credential finds."""

from cissapp.certify.credentials.rules.found import Part, Reason
from cissapp.foundation.core.errors import N_

PARTS = {
    Part.FORM: N_("Credential"),
    Part.TERMS: N_("Words of the credential"),
    Part.PROOF: N_("Signature"),
    Part.ISSUER: N_("Issuer"),
    Part.KEY: N_("Key"),
    Part.DATES: N_("Dates"),
    Part.STATUS: N_("Status"),
}

REASONS = {
    Reason.READ: N_("could be read"),
    Reason.NO_CREDENTIAL: N_("is not a credential of this programme, or it is damaged."),
    Reason.KNOWN_TERMS: N_("are all covered by the signature"),
    Reason.UNKNOWN_TERMS: N_(
        "Something was added that the signature does not cover. Do not rely on it."
    ),
    Reason.SIGNED: N_("by the key %(key)s, over the whole credential"),
    Reason.BROKEN: N_("The credential was changed after it was signed. Do not rely on it."),
    Reason.NO_PROOF: N_("There is no signature of our kind. Do not rely on it."),
    Reason.UNKNOWN_KEY: N_("could not be checked: the public key %(key)s is not at hand"),
    Reason.OURS: N_("%(name)s, known as %(issuer)s"),
    Reason.OTHER_ISSUER: N_("%(issuer)s: this is not known to be one of ours"),
    Reason.IN_KEY_TIME: N_("%(key)s was in use when the credential was made"),
    Reason.OUTSIDE_KEY_TIME: N_("%(key)s was not in use when the credential was made."),
    Reason.AFTER_THEFT: N_("%(key)s was in wrong hands when the credential was made."),
    Reason.PERHAPS_AFTER_THEFT: N_(
        "%(key)s came into wrong hands later. Only the register or the public log can tell when this was made."
    ),
    Reason.IN_TIME: N_("from %(from)s until %(until)s"),
    Reason.NOT_YET: N_("It begins on %(from)s."),
    Reason.OVER: N_("from %(from)s until %(until)s: that is over"),
    Reason.NOT_LISTED: N_("not suspended, not withdrawn; as of %(moment)s"),
    Reason.REVOKED: N_("withdrawn, or replaced by a newer certificate; as of %(moment)s"),
    Reason.WITHDRAWN: N_("withdrawn; as of %(moment)s"),
    Reason.REPLACED: N_("replaced by a newer certificate; as of %(moment)s"),
    Reason.SUSPENDED: N_("suspended; as of %(moment)s. It may not be relied on for now."),
    Reason.UNREACHABLE: N_("could not be checked: the status list could not be had"),
    Reason.STALE: N_("could not be checked: the status list of %(moment)s is too old"),
    Reason.TAMPERED: N_("could not be checked: the status list is not the one that we signed"),
    Reason.NOT_LOOKED_AT: N_("was not looked at"),
}
