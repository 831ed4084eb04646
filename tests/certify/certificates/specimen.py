"""Specimens of certificates for tests without a database."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.document.facts import AcceptedDocument, CertificateFacts
from cissapp.certify.certificates.document.pdf import CertificateWords
from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.foundation.content.loader import load
from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import Keyring
from config import ROOT
from tests.factories import MODULE_LEVELS

KEYS_SINCE = datetime(2020, 1, 1, tzinfo=UTC)

# Names with the marks that other fonts lack or lose.
SCHOOLS = {
    "ro": ("MD", "Liceul Teoretic „Ștefan cel Mare și Sfânt”", "Țipala", "Centrul Național"),
    "ru": ("MD", "Гимназия № 12 «Ёлочка» имени А. С. Пушкина", "Бельцы", "ECPAT Молдова"),
    "uk": ("UA", "Ліцей № 47 імені Ґалаґана «Їжачок»", "Харків", "Ла Страда-Україна"),
    "be": ("BY", "Сярэдняя школа № 3 імя Уладзіміра Караткевіча", "Ліда", "Група ECPAT"),
    "en": ("MD", "Lyceum No. 4", "Orhei", "ECPAT Moldova"),
}


@cache
def content():
    return load(ROOT / "modules")


def facts(language: str = "ro", **changes) -> CertificateFacts:
    country, name, locality, group = SCHOOLS[language]
    values = {
        "number": f"{country}-2026-00042",
        "code": "473VCQTRBW4WAHNP005N",
        "school_name": name,
        "school_code": "S1",
        "locality": locality,
        "country_code": country,
        "region_code": next(iter(content().countries[country].regions)),
        "language": language,
        "level": 2,
        "module_levels": tuple(MODULE_LEVELS.items()),
        "criteria_version": "1.0",
        "group_name": group,
        "decided_on": date(2026, 11, 25),
        "valid_from_on": date(2026, 11, 25),
        "valid_until_on": date(2028, 11, 25),
        "documents": tuple(AcceptedDocument("POL", n, f"{n:064x}") for n in range(1, 7)),
        "dossier_sha256": "c" * 64,
        "key_id": "2020-A",
        "base_url": "https://ciss.example",
        "demo": False,
        **changes,
    }
    return CertificateFacts(**values)


def words(of: CertificateFacts) -> tuple[CertificateWords, ...]:
    country = content().countries[of.country_code]
    return certificate_words((of.language,), content().standard, country, of.base_url)


def drawn(of: CertificateFacts) -> bytes:
    return pdf.draw_page(of, words(of))


def ring(folder: Path, organisation: str = "ECPAT for tests") -> Keyring:
    keys.create_keys(folder, organisation=organisation, at=KEYS_SINCE)
    return keys.load(folder)


def signed(of: CertificateFacts, by: Keyring) -> bytes:
    return seal.sign(drawn(of), ring=by, key=by.newest(), reason=of.number, place="Moldova")
