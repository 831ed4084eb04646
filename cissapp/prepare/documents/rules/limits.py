"""How many documents a school keeps, and how many versions of each."""

from cissapp.foundation.core.errors import N_, Problem, Refused

MOST_DOCUMENTS = 40
MOST_VERSIONS = 20

# A kind of evidence that is not a file: it is gathered at the visit.
NOT_A_DOCUMENT = frozenset({"INTERVIEW"})


def refuse_many_documents(count: int) -> None:
    """Refuse another document if the school has 40."""
    if count >= MOST_DOCUMENTS:
        message = N_("A school can keep at most %(most)s documents. Add a version to one of them.")
        raise Refused(Problem("documents", message, {"most": MOST_DOCUMENTS}))


def refuse_many_versions(count: int) -> None:
    """Refuse another version if the document has 20."""
    if count >= MOST_VERSIONS:
        message = N_("A document can have at most %(most)s versions. Remove a draft first.")
        raise Refused(Problem("versions", message, {"most": MOST_VERSIONS}))
