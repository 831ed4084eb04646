"""DOCX and ODT: opens the package, tells which of the two it is, and decides."""

from collections.abc import Iterator

from cissapp.foundation.intake.office import opendocument, text, word
from cissapp.foundation.intake.office.package import STORED, Package
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason
from cissapp.foundation.intake.results import WorkerReport


def judge(content: bytes) -> tuple[WorkerReport, Iterator[str]]:
    """Accept or reject a package; return its text, which is read only when asked for."""
    package = Package(content)
    files = package.files
    is_word, is_open = word.TYPES in files, opendocument.MIMETYPE in files
    if is_word and is_open:
        raise FileRejected(RejectionReason.TWO_KINDS)
    if is_word:
        verdict, main = word.judge(files)
        return verdict, text.of_word(files[main])
    if not is_open:
        raise FileRejected(RejectionReason.ARCHIVE)
    first = package.members[0]
    if first.name != opendocument.MIMETYPE or first.method != STORED:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    return opendocument.judge(files), text.of_opendocument(files[opendocument.CONTENT])
