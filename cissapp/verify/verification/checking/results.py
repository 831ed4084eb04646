"""The result of a check: the answer, the certified facts, all that was checked."""

from msgspec import Struct
from msgspec.structs import replace

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.verify.verification.rules import GOOD, CertificateCheck, CheckAnswer


class CheckResult(Struct, frozen=True):
    """The answer, the certified facts if the certificate is one of ours, and all that was checked.

    `newer_code` is the code of the certificate that replaced this one, where anybody may know it.
    `status_checked` is False where nobody could be asked whether it was suspended or withdrawn.
    `by_picture`: a picture led to it, which proves nothing of what is printed there. `typed` is the code to begin
    with, where one asks again.
    """

    answer: CheckAnswer
    facts: CertificateFacts | None = None
    checks: tuple[CertificateCheck, ...] = ()
    newer_code: str | None = None
    status_checked: bool = True
    by_picture: bool = False
    typed: str = ""

    @property
    def good(self) -> bool:
        """Whether one may rely on the certificate today."""
        return self.answer in GOOD

    def with_earlier_checks(self, *checks: CertificateCheck) -> "CheckResult":
        """Return the result with checks that were made before."""
        return replace(self, checks=(*checks, *self.checks))

    def by_a_picture(self) -> "CheckResult":
        """Return the result as that of a picture."""
        return replace(self, by_picture=True)
