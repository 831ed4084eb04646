"""How a group's certificates look: its logo, and who signs for it. Without either, its name stands there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CertificateLook:
    """What a national group had printed when a certificate was made; none of it is a certified fact.

    `logo` is a PNG without transparency. `office` may be given in English as well.
    """

    logo: bytes | None = None
    signatory: str = ""
    office: str = ""
    office_en: str = ""


PLAIN = CertificateLook()
