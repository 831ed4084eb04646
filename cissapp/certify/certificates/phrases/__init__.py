"""What the pages of certificates say, in the page's language."""

from cissapp.certify.certificates.phrases.certificates import (
    ShownCertificate,
    followed_text,
    shown_certificate,
    with_next_step,
)

__all__ = ["ShownCertificate", "followed_text", "shown_certificate", "with_next_step"]
