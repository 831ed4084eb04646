"""What the pages of certificates say, in the page's language."""

from cissapp.certificates.phrases.certificates import ShownCertificate, certificate
from cissapp.certificates.phrases.lists import ListedSchool, listed
from cissapp.certificates.phrases.verdicts import ShownVerdict, verdict

__all__ = ["ListedSchool", "ShownCertificate", "ShownVerdict", "certificate", "listed", "verdict"]
