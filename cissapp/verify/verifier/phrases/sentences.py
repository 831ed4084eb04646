"""The sentences of the page that checks without a connection. `%(name)s` are values; days are written in words."""

from cissapp.foundation.core.errors import N_

SENTENCES = {
    # --- the page
    "title": N_("Check a certificate offline"),
    "skip": N_("Skip to the content"),
    "language": N_("Language"),
    "lead": N_(
        "Is it one of ours, is it unchanged, and was it valid on the day of this list? This page works without the internet and sends nothing anywhere."
    ),
    "standing": N_(
        "This page holds what stood in the register on %(day)s, for %(count)s certificates. What happened since then it cannot know."
    ),
    "standing_old": N_(
        "This page holds what stood in the register on %(day)s. That is more than %(days)s days ago: it calls no certificate valid any more. Fetch a newer page."
    ),
    "by_file": N_("By the file"),
    "files": N_("Certificate, credential, proof"),
    "files_hint": N_("One file, or several that belong together: PDF, JSON, JWT, or a badge."),
    "drop": N_("or drop the files anywhere on this page"),
    "by_code": N_("By the code"),
    "code_label": N_("Check code"),
    "code_hint": N_("It is on the certificate, in five groups of four characters."),
    "check_code": N_("Check the code"),
    "results": N_("Result of the check"),
    "about": N_("About this page, and the keys that it trusts"),
    "promise": N_("This page sends nothing and fetches nothing."),
    "about_file": N_(
        "This page checks the signature of the certificate, its dates, and what the register said of it on the day of the list. It never calls good what it could not check."
    ),
    "about_network": N_(
        "Your files stay on this device. The page may be copied and passed on; compare its SHA-256 with the published one."
    ),
    "about_clock": N_(
        "The page takes today's date from the clock of this device. It may be wrong."
    ),
    "about_newer": N_(
        "A newer list is published as snapshot.json. Drop it here, and this page uses it if the log has signed it."
    ),
    "keys": N_("Keys that this page trusts"),
    "key_id": N_("Key"),
    "organisation": N_("Organisation"),
    "fingerprint": N_("Fingerprint (SHA-256)"),
    "remark": N_("Remark"),
    "compromised_since": N_("Compromised since %(day)s"),
    "retired": N_("Signs nothing new"),
    "licences": N_("Contains:"),
    # --- the answer
    "as_of": N_("%(answer)s, as of %(day)s"),
    "unchecked": N_("could not be checked"),
    "until": N_("until %(day)s"),
    "title_altered": N_("This is not the file that was issued"),
    "title_not_ours": N_("This is not one of our certificates"),
    "title_unknown": N_("No answer is possible with this page alone"),
    "title_valid": N_("In force"),
    "title_expiring": N_("In force"),
    "title_expired": N_("Not in force any more"),
    "title_suspended": N_("Not in force for now"),
    "title_withdrawn": N_("Not in force any more"),
    "title_replaced": N_("Not in force any more"),
    "title_upcoming": N_("Not in force yet"),
    "title_snapshot": N_("This page now uses a newer list"),
    # --- what was checked
    "what_file": N_("This file"),
    "what_signature": N_("Signature"),
    "what_register": N_("In the register"),
    "what_key": N_("Key"),
    "what_stamp": N_("Time stamp"),
    "what_status": N_("Status"),
    "what_dates": N_("Dates"),
    "what_log": N_("In the log"),
    "what_code": N_("Code"),
    "what_together": N_("Both files"),
    "what_snapshot": N_("List of the register"),
    # --- this file
    "empty": N_("is empty."),
    "too_large": N_("is larger than 10 MB. A certificate has less than 0.1 MB."),
    "no_pdf": N_("is damaged, or is no PDF."),
    "signatures": N_("has %(count)s signatures; a certificate has exactly one."),
    "changed": N_("was changed after it was signed."),
    "foreign_key": N_("is by a key that is not one of ours."),
    "no_facts": N_("is signed, but carries no facts of a certificate."),
    "unchanged": N_("is as it was signed, unchanged"),
    "unreadable": N_("cannot be read; it is damaged."),
    "credential_unchanged": N_("is a credential as it was signed, unchanged"),
    "no_credential": N_("is no credential that this page knows."),
    "no_proof": N_("has no proof that this page knows."),
    "other_issuer": N_("was issued by someone else."),
    "unknown_words": N_("has words that no signature covers. Do not rely on it."),
    "take_jwt": N_("cannot be checked in this browser. Take the JWT form of the credential."),
    "no_crypto": N_(
        "could not be checked: this browser has no cryptography. Open this page in a newer browser."
    ),
    "page_failed": N_("could not be checked: this page met something unexpected."),
    "code_mistake": N_(
        "There is a mistake in this code. Compare it with the certificate, character by character."
    ),
    "code_only": N_(
        "A code cannot tell whether paper or file are genuine, nor until when it is valid. Compare them with the school, or check the file."
    ),
    # --- signature and key
    "whole_file": N_("by %(name)s, key %(key)s, over the whole file"),
    "whole_credential": N_("by %(name)s, key %(key)s, over the whole credential"),
    "compromised": N_(
        "the key %(key)s was compromised on %(day)s. Only the register can tell whether this was signed before."
    ),
    "before_compromise": N_(
        "the key %(key)s was compromised on %(day)s; this was signed before, so it counts"
    ),
    "after_compromise": N_(
        "signed after the key %(key)s was compromised on %(day)s; it does not count"
    ),
    "stamp_unchecked": N_("its time stamp could not be checked here"),
    # --- register and status
    "snapshot_missing": N_("This page holds no list of the register, so it calls nothing valid."),
    "snapshot_changed": N_(
        "The list of the register is not as it was signed. Do not rely on this copy of the page; fetch it anew."
    ),
    "no_log_key": N_("This page has no key of the log, so it can rely on no list of the register."),
    "snapshot_taken": N_("of %(day)s; signed by the log"),
    "snapshot_older": N_("of %(day)s; this page holds one that is as new or newer"),
    "newer": N_(
        "the certificate is newer than the list of %(day)s. Fetch a newer page, or ask the register."
    ),
    "not_entered": N_(
        "the list of %(day)s does not know this certificate. Do not rely on it; ask the register."
    ),
    "code_not_entered": N_(
        "the list of %(day)s does not know this code. It may be newer, or false; ask the register."
    ),
    "entered": N_("as it stood in the register on %(day)s"),
    "other_file": N_("the register had another file under this code on %(day)s"),
    "status_unknown": N_("whether it was suspended or withdrawn, only the register can tell"),
    "in_force": N_("not suspended, not withdrawn; as of %(day)s"),
    "stale": N_("not suspended, not withdrawn on %(day)s; that is too long ago to count today"),
    "suspended": N_("suspended since %(since)s, as of %(day)s; it may not be relied on for now"),
    "withdrawn": N_("withdrawn on %(since)s; it is not valid any more"),
    "replaced": N_("replaced by a newer certificate on %(since)s"),
    # --- dates
    "within": N_("from %(from)s until %(until)s, by the clock of this device, which may be wrong"),
    "over": N_("from %(from)s until %(until)s: that is over, by the clock of this device"),
    "over_grace": N_(
        "from %(from)s until %(until)s: that is over. The school may renew it within %(days)s days of its end."
    ),
    "not_begun": N_("from %(from)s until %(until)s: not begun yet"),
    "clock_behind": N_(
        "from %(from)s until %(until)s. The clock of this device says %(today)s, which is too early: it is wrong."
    ),
    # --- log
    "in_log": N_("entry %(index)s of %(size)s, under a signature of the log"),
    "log_other_file": N_("the log has another file for this certificate"),
    "checkpoint_wrong": N_("the proof is not signed by the log"),
    "proof_wrong": N_("the proof shows nothing: it is damaged"),
    "proof_other": N_("the proof is of another certificate"),
    "proof_waiting": N_("the log has not signed this entry yet"),
    "proof_alone": N_("a proof alone shows nothing. Give the certificate together with it."),
    "together": N_("the credential names exactly this file"),
    "not_together": N_("the credential names another file"),
    # --- facts
    "demo": N_("Demonstration"),
    "school": N_("School"),
    "place": N_("Place"),
    "more": N_("More of what is certified"),
    "facts_hash": N_("Hash of these facts (SHA-256)"),
    "modules": N_("Levels of the modules, 0 to 3"),
    "module": N_("Module"),
    "documents": N_("Documents that were accepted, with the hash of each file"),
    "kind": N_("Kind"),
    "version": N_("Version"),
    "hash": N_("Hash (SHA-256)"),
}

# What stands on the page until its script has begun; in every language at once.
NEEDED = N_(
    "This page needs JavaScript and a browser of the last five years. Save it on this device and open it from there; it needs no internet."
)
SNAPSHOT_NEXT = N_("Now give the certificate that you want to check.")
UNKNOWN_NEXT = N_(
    "Do not rely on it until everything could be checked. Fetch a newer page, or ask the register."
)
