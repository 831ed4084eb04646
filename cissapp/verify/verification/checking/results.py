"""The result of a check: the answer, the certified facts, all that was checked."""

from msgspec import Struct
from msgspec.structs import replace

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.verify.verification.rules import GOOD, CertificateCheck, CheckAnswer


class CheckResult(Struct, frozen=True):
    """The answer, the certified facts if the certificate is one of ours, and all that was checked.

    `newer_code` is the code of the certificate that replaced this one, if it is public.
    `status_checked` is False if suspension and withdrawal could not be checked.
    `by_picture`: the result comes from a picture, which proves nothing about what is printed on it.
    `typed` is the code to start from when the visitor checks again.
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
        """Return the result, marked as coming from a picture."""
        return replace(self, by_picture=True)
