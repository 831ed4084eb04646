"""What the pages of certificates say, in the page's language."""

from cissapp.certify.certificates.phrases.certificates import ShownCertificate, certificate

__all__ = ["ShownCertificate", "certificate"]
