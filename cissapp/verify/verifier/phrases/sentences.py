"""The sentences of the page that checks offline. `%(name)s` are values; dates are written in words."""

from cissapp.foundation.core.errors import N_

SENTENCES = {
    # --- the page
    "title": N_("Check a certificate offline"),
    "skip": N_("Skip to main content"),
    "language": N_("Language"),
    "lead": N_(
        "Is it one of ours, is it unchanged, and was it valid on the date of this list? This page works offline and sends nothing anywhere."
    ),
    "standing": N_(
        "This page contains what was in the register on %(day)s, for %(count)s certificates. It cannot know what has happened since then."
    ),
    "standing_old": N_(
        "This page contains what was in the register on %(day)s. That is more than %(days)s days ago, so it no longer shows any certificate as valid. Get a newer page."
    ),
    "by_file": N_("By file"),
    "files": N_("Certificate, credential, proof"),
    "files_hint": N_("One file, or several that belong together: PDF, JSON, JWT, or a badge."),
    "drop": N_("or drop the files anywhere on this page"),
    "by_code": N_("By code"),
    "code_label": N_("Check code"),
    "code_hint": N_("It is on the certificate, in five groups of four characters."),
    "check_code": N_("Check the code"),
    "results": N_("Result of the check"),
    "about": N_("About this page, and the keys that it trusts"),
    "promise": N_("This page does not send or fetch anything."),
    "about_file": N_(
        "This page checks the signature of the certificate, its dates, and what the register said about it on the date of the list. It never shows as valid what it could not check."
    ),
    "about_network": N_(
        "Your files stay on this device. You may copy this page and pass it on. Compare its SHA-256 with the published one."
    ),
    "about_clock": N_("This page takes today’s date from this device’s clock, which may be wrong."),
    "about_newer": N_(
        "A newer list is published as snapshot.json. Drop it here, and this page will use it if the log has signed it."
    ),
    "keys": N_("Keys that this page trusts"),
    "key_id": N_("Key"),
    "organisation": N_("Organisation"),
    "fingerprint": N_("Fingerprint (SHA-256)"),
    "remark": N_("Remark"),
    "compromised_since": N_("Compromised since %(day)s"),
    "retired": N_("No longer used to sign"),
    "licences": N_("Contains:"),
    # --- the answer
    "as_of": N_("%(answer)s, as of %(day)s"),
    "unchecked": N_("could not be checked"),
    "until": N_("until %(day)s"),
    "title_altered": N_("This is not the file that was issued"),
    "title_not_ours": N_("This is not one of our certificates"),
    "title_unknown": N_("This page alone cannot give an answer"),
    "title_valid": N_("In force"),
    "title_expiring": N_("In force"),
    "title_expired": N_("No longer in force"),
    "title_suspended": N_("Not in force for now"),
    "title_withdrawn": N_("No longer in force"),
    "title_replaced": N_("No longer in force"),
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
    "what_snapshot": N_("List from the register"),
    # --- this file
    "empty": N_("is empty."),
    "too_large": N_("is larger than 10 MB. A certificate is smaller than 0.1 MB."),
    "no_pdf": N_("is damaged or is not a PDF."),
    "signatures": N_("has %(count)s signatures, but a certificate has exactly one."),
    "changed": N_("was changed after it was signed."),
    "foreign_key": N_("was made with a key that is not one of ours."),
    "no_facts": N_("is signed, but does not contain the facts of a certificate."),
    "unchanged": N_("is unchanged since it was signed"),
    "unreadable": N_("cannot be read; it is damaged."),
    "credential_unchanged": N_("is a credential, unchanged since it was signed"),
    "no_credential": N_("is not a credential that this page recognises."),
    "no_proof": N_("does not have a proof that this page recognises."),
    "other_issuer": N_("was issued by someone else."),
    "unknown_words": N_("contains words that no signature covers. Do not rely on it."),
    "take_jwt": N_("cannot be checked in this browser. Use the JWT form of the credential."),
    "no_crypto": N_(
        "could not be checked: this browser does not support cryptography. Open this page in a newer browser."
    ),
    "page_failed": N_("could not be checked: something unexpected happened on this page."),
    "code_mistake": N_(
        "There is a mistake in this code. Compare it with the certificate, character by character."
    ),
    "code_only": N_(
        "A code cannot show whether a printed certificate or file is genuine, or how long it is valid. Check with the school, or check the file."
    ),
    # --- signature and key
    "whole_file": N_("by %(name)s, key %(key)s, covering the whole file"),
    "whole_credential": N_("by %(name)s, key %(key)s, covering the whole credential"),
    "compromised": N_(
        "the key %(key)s was compromised on %(day)s. Only the register can show whether this was signed before then."
    ),
    "before_compromise": N_(
        "the key %(key)s was compromised on %(day)s, but this was signed before then, so it counts"
    ),
    "after_compromise": N_(
        "signed after the key %(key)s was compromised on %(day)s, so it does not count"
    ),
    "stamp_unchecked": N_("its time stamp could not be checked here"),
    # --- register and status
    "snapshot_missing": N_(
        "This page has no list from the register, so it cannot show anything as valid."
    ),
    "snapshot_changed": N_(
        "The list from the register is not as it was signed. Do not rely on this copy of the page. Get a new copy."
    ),
    "no_log_key": N_(
        "This page does not have the log’s key, so it cannot rely on any list from the register."
    ),
    "snapshot_taken": N_("of %(day)s; signed by the log"),
    "snapshot_older": N_("of %(day)s; the list on this page is as new or newer"),
    "newer": N_(
        "the certificate is newer than the list of %(day)s. Get a newer page, or check the register."
    ),
    "not_entered": N_(
        "this certificate is not in the list of %(day)s. Do not rely on it. Check the register."
    ),
    "code_not_entered": N_(
        "this code is not in the list of %(day)s. It may be newer, or false. Check the register."
    ),
    "entered": N_("as it was in the register on %(day)s"),
    "other_file": N_("the register had a different file under this code on %(day)s"),
    "status_unknown": N_("only the register can show whether it was suspended or withdrawn"),
    "in_force": N_("not suspended or withdrawn, as of %(day)s"),
    "stale": N_("not suspended or withdrawn on %(day)s, but that is too long ago to count today"),
    "suspended": N_("suspended since %(since)s, as of %(day)s; do not rely on it for now"),
    "withdrawn": N_("withdrawn on %(since)s; it is no longer valid"),
    "replaced": N_("replaced by a newer certificate on %(since)s"),
    # --- dates
    "within": N_("from %(from)s until %(until)s, by this device’s clock, which may be wrong"),
    "over": N_("from %(from)s until %(until)s: this period has ended, by this device’s clock"),
    "over_grace": N_(
        "from %(from)s until %(until)s: this period has ended. The school may renew the certificate within %(days)s days of its end."
    ),
    "not_begun": N_("from %(from)s until %(until)s: not started yet"),
    "clock_behind": N_(
        "from %(from)s until %(until)s. This device’s clock says %(today)s, which is too early, so it is wrong."
    ),
    # --- log
    "in_log": N_("entry %(index)s of %(size)s, covered by a signature of the log"),
    "log_other_file": N_("the log has a different file for this certificate"),
    "checkpoint_wrong": N_("the proof is not signed by the log"),
    "proof_wrong": N_("the proof shows nothing: it is damaged"),
    "proof_other": N_("the proof is for a different certificate"),
    "proof_waiting": N_("the log has not signed this entry yet"),
    "proof_alone": N_("a proof on its own shows nothing. Add the certificate too."),
    "together": N_("the credential names exactly this file"),
    "not_together": N_("the credential names a different file"),
    # --- facts
    "demo": N_("Demonstration"),
    "school": N_("School"),
    "place": N_("Place"),
    "more": N_("More about what is certified"),
    "facts_hash": N_("Hash of these facts (SHA-256)"),
    "modules": N_("Levels of the modules, 0 to 3"),
    "module": N_("Module"),
    "documents": N_("Documents that were accepted, with the hash of each file"),
    "kind": N_("Kind"),
    "version": N_("Version"),
    "hash": N_("Hash (SHA-256)"),
}

# Shown until the page's script has started, in every language at once.
NEEDED = N_(
    "This page needs JavaScript and a browser from the last five years. Save it on this device and open it from there. It works offline."
)
SNAPSHOT_NEXT = N_("Now add the certificate that you want to check.")
UNKNOWN_NEXT = N_(
    "Do not rely on it until everything has been checked. Get a newer page, or check the register."
)
