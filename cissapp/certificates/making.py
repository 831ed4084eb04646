"""Makes a certificate's facts and its signed file; writes nothing into the database."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cissapp.applications.models import Application, Submission
from cissapp.certificates import keys, pdf, queries, seal, succession
from cissapp.certificates.facts import AcceptedDocument, DrillFact, Facts
from cissapp.certificates.keys import Keyring, PublicKey
from cissapp.certificates.pdf.words import words_in
from cissapp.certificates.rules import months_after, new_code, number
from cissapp.certificates.stamps import Unstamped
from cissapp.content.figures import rounded
from cissapp.content.values import Country, Standard
from cissapp.core.errors import N_, Problem, Refused
from cissapp.drills.queries import newest_result
from cissapp.drills.rules.results import DrillResult
from cissapp.evidence.rules.texts import normalised_text_sha256

log = logging.getLogger("ciss")


# By how much the clock of the time-stamp service and ours may differ.
CLOCKS = timedelta(minutes=10)


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
    def tsa_url(self) -> str:
        """The address of the time-stamp service; empty, if there is none."""
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
    tsa_url: str = ""

    @classmethod
    def of(cls, config: HasKeys) -> "Settings":
        """Take them from the application's settings; opens the keys."""
        try:
            ring = keys.load(config.keys_dir)
            return cls(config.base_url, config.demo, ring, config.tsa_url)
        except (keys.NoKeys, keys.BrokenKeys) as error:
            raise _unusable(error) from error


def signing_key(settings: Settings, country_code: str, at: datetime) -> PublicKey:
    """Give the key that signs for a country; refuse, if there is none or others can read it."""
    try:
        return keys.again(settings.keys).signer_for(country_code, at)
    except (keys.ExposedKeys, keys.BrokenKeys) as error:
        raise _unusable(error) from error
    except keys.NoKeys as error:
        message = N_(
            "There is no key to sign certificates with. The secretariat must set one up first."
        )
        raise Refused(Problem("keys", message)) from error


def _unusable(error: Exception) -> Refused:
    """Tell people what to do; what exactly is wrong is for the log, and for `ciss keys check`."""
    log.error("The signing keys cannot be used: %s", error)
    message = N_("The keys for certificates cannot be used now. The secretariat must check them.")
    return Refused(Problem("keys", message))


def reserved_key(settings: Settings, facts: Facts, at: datetime) -> PublicKey:
    """Give the key that a reservation names; raise `NoKeys`, if it signs no more."""
    key = keys.again(settings.keys).by_id(facts.key_id)
    if key is None or key.stopped or not key.from_at <= at < key.until_at:
        raise keys.NoKeys(f"The key {facts.key_id} signs no more.")
    return key


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
    begins = succession.begins_on(school.id, today, country, standard)
    return Facts(
        number=next_number(school.country_code, today.year),
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
        valid_from_on=begins,
        valid_until_on=months_after(begins, country.file.validity_months),
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
        (name, float(rounded(module_levels[name])))
        for name in sorted(module_levels, key=order.index)
    )


def next_number(country_code: str, year: int) -> str:
    """Give the next number of a country and year; the caller holds the register."""
    last = queries.last_number(f"{country_code}-{year}-")
    return number(country_code, year, int(last.rpartition("-")[2]) + 1 if last else 1)


def _documents(submission: Submission) -> tuple[AcceptedDocument, ...]:
    found = [
        AcceptedDocument(
            one.version.document.evidence_code,
            one.version.number,
            one.version.sha256,
            normalised_text_sha256(
                one.version.text, pages=one.version.pages, texts=one.version.page_texts
            ),
        )
        for one in submission.versions
    ]
    return tuple(sorted(found, key=lambda one: (one.evidence_code, one.version, one.sha256)))


def drawn(facts: Facts, *, country: Country, standard: Standard) -> bytes:
    """Draw the file; refuse a name that cannot be printed."""
    words = words_in((facts.language,), standard, country, facts.base_url)
    try:
        return pdf.draw(facts, words)
    except pdf.Unprintable as error:
        message = N_("The name of the school, its place or the group cannot be printed: %(why)s.")
        raise Refused(Problem("printable", message, {"why": str(error)})) from error


def signed(
    facts: Facts,
    *,
    country: Country,
    standard: Standard,
    settings: Settings,
    key: PublicKey,
    at: datetime,
) -> bytes:
    """Draw and sign the file; then check it as a stranger would.

    With a time-stamp service two clocks speak, and a file on which they differ is not issued.
    """
    ring = keys.again(settings.keys)
    content = seal.sign(
        drawn(facts, country=country, standard=standard),
        ring=ring,
        key=key,
        reason=f"CISS {facts.number}",
        place=country.name("en"),
        tsa_url=settings.tsa_url,
    )
    found = seal.examine(content, ring)
    if not found.good or found.key != key or pdf.facts_in(content) != facts.text():
        raise SelfCheckFailed(facts.number)
    if settings.tsa_url and (not found.stamped_at or abs(found.stamped_at - at) > CLOCKS):
        raise Unstamped(f"The time stamp says {found.stamped_at}, the clock here {at}.")
    return content
