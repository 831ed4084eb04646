"""Reports that a person's statement of learning is not a school's certificate, whoever signed it."""

from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing.keys import Keyring
from cissapp.learn.statements.document import checking as statements
from cissapp.learn.statements.rules import StatementWorth
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import FILE, CertificateCheck, CheckAnswer, CheckOutcome

claims_to_be_statement = statements.claims_to_be_statement

GENUINE = N_(
    "is a person’s statement of learning, genuinely issued by us. It is not a school’s certificate and says nothing about the school’s safety."
)
CLAIMED = N_(
    "says that it is a person’s statement of learning. Whoever signed it, that is not a school’s certificate and says nothing about the school’s safety."
)


def result_for_statement(content: bytes, ring: Keyring) -> CheckResult:
    """Return the result for a file that claims to be a statement; an untrusted PDF is not opened for that."""
    return _not_ours(CLAIMED) if statements.is_pdf(content) else result_for_opened(content, ring)


def result_for_opened(content: bytes, ring: Keyring) -> CheckResult:
    """Return the same result, but report a statement that our key signed as a genuine statement."""
    genuine = statements.check_file(content, ring).worth is StatementWorth.GENUINE
    return _not_ours(GENUINE if genuine else CLAIMED)


def _not_ours(sentence: str) -> CheckResult:
    return CheckResult(
        CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
    )
