"""DOCX and ODT: opens the package, tells which of the two it is, decides, then reads the text."""

from cissapp.evidence.intake import opendocument, package_text, word
from cissapp.evidence.intake.package import DEFLATED, Package
from cissapp.evidence.intake.reasons import Doubt, Reason
from cissapp.evidence.intake.verdict import Verdict


class Office:
    """One package."""

    def __init__(self, content: bytes) -> None:
        self.package = Package(content)
        self.main = opendocument.CONTENT

    def judge(self) -> Verdict:
        """Take or refuse it."""
        files = self.package.files
        is_word, is_open = word.TYPES in files, opendocument.MIMETYPE in files
        if is_word and is_open:
            raise Doubt(Reason.TWO_KINDS)
        if is_word:
            verdict, self.main = word.judge(files)
            return verdict
        if not is_open:
            raise Doubt(Reason.ARCHIVE)
        first = self.package.members[0]
        if first.name != opendocument.MIMETYPE or first.method == DEFLATED:
            raise Doubt(Reason.ZIP_DAMAGED)
        return opendocument.judge(files)

    def text(self) -> str:
        """Read its text."""
        return package_text.of(self.package.files[self.main])
