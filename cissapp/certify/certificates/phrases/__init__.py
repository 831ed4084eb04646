"""What the pages of certificates say, in the page's language."""

from cissapp.certify.certificates.phrases.certificates import (
    ShownCertificate,
    shown_certificate,
    with_next_step,
)

__all__ = ["ShownCertificate", "shown_certificate", "with_next_step"]
