"""Makes a certificate's facts and its signed file; writes nothing into the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cissapp.applications.models import Application, Submission
from cissapp.certificates import keys, pdf, queries, seal
from cissapp.certificates.facts import AcceptedDocument, DrillFact, Facts
from cissapp.certificates.keys import Keyring, PublicKey
from cissapp.certificates.pdf.words import words_in
from cissapp.certificates.rules import months_after, new_code, number
from cissapp.content.values import Country, Standard
from cissapp.core.errors import N_, Problem, Refused
from cissapp.drills.queries import newest_result
from cissapp.drills.rules.results import DrillResult


class SelfCheckFailed(Exception):
    """A file that was just signed is not what it should be; nothing is issued."""


class HasKeys(Protocol):
    """The settings of the application, as far as certificates need them."""

    @property
    def base_url(self) -> str:
        """The address of the site."""
        ...

    @property
    def keys_dir(self) -> Path:
        """The folder of the keys."""
        ...

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration."""
        ...


@dataclass(frozen=True)
class Settings:
    """What an installation puts on its certificates."""

    base_url: str
    demo: bool
    keys: Keyring

    @classmethod
    def of(cls, config: HasKeys) -> "Settings":
        """Take them from the application's settings; opens the keys."""
        return cls(config.base_url, config.demo, keys.load(config.keys_dir))


def signing_key(settings: Settings) -> PublicKey:
    """Give the key that signs; refuse, if there is none."""
    try:
        return settings.keys.newest()
    except keys.NoKeys as error:
        message = N_(
            "There is no key to sign certificates with. The secretariat must set one up first."
        )
        raise Refused(Problem("keys", message)) from error


def facts_of(
    application: Application,
    submission: Submission,
    *,
    level: int,
    module_levels: Mapping[str, float],
    group_name: str,
    country: Country,
    standard: Standard,
    settings: Settings,
    key: PublicKey,
    at: datetime,
) -> Facts:
    """Collect what is certified, with the next number and a new code."""
    school, today = application.school, at.astimezone(UTC).date()
    return Facts(
        number=_next_number(school.country_code, today.year),
        code=new_code(),
        school_name=school.name,
        school_code=school.code,
        locality=school.locality,
        country_code=school.country_code,
        region_code=school.region_code,
        language=school.language,
        level=level,
        module_levels=_in_order(module_levels, standard),
        criteria_version=submission.rubric_version,
        group_name=group_name,
        decided_on=today,
        valid_from_on=today,
        valid_until_on=months_after(today, country.file.validity_months),
        documents=_documents(submission),
        dossier_sha256=submission.sha256,
        key_id=key.id,
        base_url=settings.base_url,
        demo=settings.demo,
        drill=_drill(newest_result(school.id)),
    )


def _drill(result: DrillResult | None) -> DrillFact | None:
    """Say of the newest drill what is certified: when, by which kind of way, how fast. No address."""
    if result is None:
        return None
    return DrillFact(
        on=result.finished_on,
        medium=result.medium.value,
        minutes=result.to_acknowledged,
        in_time=result.in_time,
    )


def _in_order(
    module_levels: Mapping[str, float], standard: Standard
) -> tuple[tuple[str, float], ...]:
    """Put the modules into the order of their numbers, which is that of the certificate's titles."""
    order = list(standard.certificate_texts["en"].module_titles)
    return tuple(
        (name, round(float(module_levels[name]), 2))
        for name in sorted(module_levels, key=order.index)
    )


def _next_number(country_code: str, year: int) -> str:
    last = queries.last_number(f"{country_code}-{year}-")
    return number(country_code, year, int(last.rpartition("-")[2]) + 1 if last else 1)


def _documents(submission: Submission) -> tuple[AcceptedDocument, ...]:
    found = [
        AcceptedDocument(one.version.document.evidence_code, one.version.number, one.version.sha256)
        for one in submission.versions
    ]
    return tuple(sorted(found, key=lambda one: (one.evidence_code, one.version, one.sha256)))


def signed(
    facts: Facts, *, country: Country, standard: Standard, settings: Settings, key: PublicKey
) -> bytes:
    """Draw and sign the file; then check it as a stranger would."""
    words = words_in((facts.language,), standard, country, facts.base_url)
    try:
        drawn = pdf.draw(facts, words)
    except pdf.Unprintable as error:
        message = N_("The name of the school, its place or the group cannot be printed: %(why)s.")
        raise Refused(Problem("printable", message, {"why": str(error)})) from error
    content = seal.sign(
        drawn,
        ring=settings.keys,
        key=key,
        reason=f"CISS {facts.number}",
        place=country.name("en"),
    )
    found = seal.examine(content, settings.keys)
    if not found.good or found.key != key or pdf.facts_in(content) != facts.text():
        raise SelfCheckFailed(facts.number)
    return content
