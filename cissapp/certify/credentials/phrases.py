"""Sentences for the findings about a credential."""

from cissapp.certify.credentials.rules.findings import CredentialPart, FindingReason
from cissapp.foundation.core.errors import N_

PARTS = {
    CredentialPart.FORM: N_("Credential"),
    CredentialPart.TERMS: N_("Contents of the credential"),
    CredentialPart.PROOF: N_("Signature"),
    CredentialPart.ISSUER: N_("Issuer"),
    CredentialPart.KEY: N_("Key"),
    CredentialPart.DATES: N_("Dates"),
    CredentialPart.STATUS: N_("Status"),
}

REASONS = {
    FindingReason.READ: N_("could be read"),
    FindingReason.NO_CREDENTIAL: N_("is not a credential of this programme, or it is damaged."),
    FindingReason.KNOWN_TERMS: N_("are all covered by the signature"),
    FindingReason.UNKNOWN_TERMS: N_(
        "Something was added that the signature does not cover. Do not rely on it."
    ),
    FindingReason.SIGNED: N_("by the key %(key)s, covering the whole credential"),
    FindingReason.BROKEN: N_("The credential was changed after it was signed. Do not rely on it."),
    FindingReason.NO_PROOF: N_("It does not have our kind of signature. Do not rely on it."),
    FindingReason.UNKNOWN_KEY: N_("could not be checked: the public key %(key)s is not available"),
    FindingReason.OURS: N_("%(name)s, known as %(issuer)s"),
    FindingReason.OTHER_ISSUER: N_("%(issuer)s: we do not recognise this as one of ours"),
    FindingReason.IN_KEY_TIME: N_("%(key)s was in use when the credential was made"),
    FindingReason.OUTSIDE_KEY_TIME: N_("%(key)s was not in use when the credential was made."),
    FindingReason.AFTER_THEFT: N_("%(key)s was already compromised when the credential was made."),
    FindingReason.PERHAPS_AFTER_THEFT: N_(
        "%(key)s was compromised later. Only the register or the public log can show when this was made."
    ),
    FindingReason.IN_TIME: N_("from %(from)s until %(until)s"),
    FindingReason.NOT_YET: N_("It begins on %(from)s."),
    FindingReason.OVER: N_("from %(from)s until %(until)s: this period has ended"),
    FindingReason.NOT_LISTED: N_("not suspended or withdrawn, as of %(moment)s"),
    FindingReason.REVOKED: N_("withdrawn or replaced by a newer certificate, as of %(moment)s"),
    FindingReason.WITHDRAWN: N_("withdrawn, as of %(moment)s"),
    FindingReason.REPLACED: N_("replaced by a newer certificate, as of %(moment)s"),
    FindingReason.SUSPENDED: N_("suspended, as of %(moment)s. Do not rely on it for now."),
    FindingReason.UNREACHABLE: N_("could not be checked: the status list was not available"),
    FindingReason.STALE: N_("could not be checked: the status list of %(moment)s is too old"),
    FindingReason.TAMPERED: N_(
        "could not be checked: the status list is not the one that we signed"
    ),
    FindingReason.NOT_LOOKED_AT: N_("was not checked"),
}
