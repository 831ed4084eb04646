"""How large a file may be, how many documents a school keeps, and how many versions of each."""

from cissapp.core.errors import N_, Problem, Refused

FILE_BYTES = 10_000_000
DOCUMENTS = 40
VERSIONS = 20

# A kind of evidence that is not a file: it is gathered at the visit.
NOT_A_DOCUMENT = frozenset({"INTERVIEW"})


def refuse_large(size: int) -> None:
    """Refuse a file of more than 10 MB."""
    if size > FILE_BYTES:
        message = N_("The file has %(size)s MB. At most %(most)s MB are taken.")
        values = {"size": f"{size / 1_000_000:.1f}", "most": FILE_BYTES // 1_000_000}
        raise Refused(Problem("file", message, values))


def refuse_many_documents(count: int) -> None:
    """Refuse another document beside 40."""
    if count >= DOCUMENTS:
        message = N_("A school keeps at most %(most)s documents. Add a version to one of them.")
        raise Refused(Problem("documents", message, {"most": DOCUMENTS}))


def refuse_many_versions(count: int) -> None:
    """Refuse another version beside 20."""
    if count >= VERSIONS:
        message = N_("A document has at most %(most)s versions. Remove a draft first.")
        raise Refused(Problem("versions", message, {"most": VERSIONS}))
