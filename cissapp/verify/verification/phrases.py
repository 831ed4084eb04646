"""The words of a result: the answer, whom it is about, each fact, each check, what to do next."""

from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct, field

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.phrases.facts import (
    LabelledRow,
    LevelRing,
    document_rows,
    fact_rows,
    level_and_end,
    level_ring,
    module_rows,
    words_of,
)
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.foundation.paper.text import HARD_SPACE
from cissapp.foundation.web import filters
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import (
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    DocumentComparison,
    Sameness,
)

ANSWER_NAMES = {
    CheckAnswer.VALID: N_("Valid"),
    CheckAnswer.EXPIRING: N_("Valid, expiring soon"),
    CheckAnswer.EXPIRED: N_("Expired"),
    CheckAnswer.SUSPENDED: N_("Suspended"),
    CheckAnswer.WITHDRAWN: N_("Withdrawn"),
    CheckAnswer.REPLACED: N_("Replaced by a newer certificate"),
    CheckAnswer.UPCOMING: N_("Not yet valid: it begins on a later date"),
    CheckAnswer.ALTERED: N_("Altered"),
    CheckAnswer.NOT_OURS: N_("Not one of ours"),
    CheckAnswer.UNKNOWN: N_("Could not be checked"),
    CheckAnswer.MISTYPED: N_("Typing mistake in the code"),
    CheckAnswer.UNREADABLE: N_("The picture could not be read"),
    CheckAnswer.ELSEWHERE: N_("The square does not lead to us"),
}


NEXT = {
    CheckAnswer.VALID: N_("Check that the school and the place are the ones you mean."),
    CheckAnswer.EXPIRING: N_(
        "It is still valid. Check it again after its last day, or ask the school for the newer one."
    ),
    CheckAnswer.EXPIRED: N_("Ask the school whether it has a newer certificate."),
    CheckAnswer.SUSPENDED: N_(
        "Do not rely on it for now. Check it again in a few weeks, or ask the national group."
    ),
    CheckAnswer.WITHDRAWN: N_(
        "Do not rely on it. Look for the school in the list of certified schools."
    ),
    CheckAnswer.REPLACED: N_("Ask the school for the newer certificate."),
    CheckAnswer.UPCOMING: N_(
        "It is valid from its first day. Until then, ask the school for its previous certificate."
    ),
    CheckAnswer.ALTERED: N_(
        "Do not rely on this file. Ask the school for the file that was issued, or check its code."
    ),
    CheckAnswer.NOT_OURS: N_(
        "Look for the school in the list of certified schools, or ask the school for its code."
    ),
    CheckAnswer.UNKNOWN: N_(
        "Try again later, and do not rely on it until then. If this keeps happening, tell the national group."
    ),
    CheckAnswer.MISTYPED: N_("Correct the code and check it again."),
    CheckAnswer.UNREADABLE: N_("Enter the code, or send another picture."),
    CheckAnswer.ELSEWHERE: N_(
        "Look for the school in the list of certified schools, or ask the school for its code."
    ),
}

KINDS = {
    CheckAnswer.VALID: "ok",
    CheckAnswer.EXPIRING: "ok",
    CheckAnswer.EXPIRED: "bad",
    CheckAnswer.SUSPENDED: "warn",
    CheckAnswer.WITHDRAWN: "bad",
    CheckAnswer.REPLACED: "bad",
    CheckAnswer.UPCOMING: "warn",
    CheckAnswer.ALTERED: "bad",
    CheckAnswer.NOT_OURS: "bad",
    CheckAnswer.UNKNOWN: "none",
    CheckAnswer.MISTYPED: "warn",
    CheckAnswer.UNREADABLE: "info",
    CheckAnswer.ELSEWHERE: "warn",
}

SIGNS = {CheckOutcome.YES: "✓", CheckOutcome.NO: "✕", CheckOutcome.UNKNOWN: "?"}

# Answers while the school's promises are in force, so that a complaint about one can be made.
STANDING = frozenset({CheckAnswer.VALID, CheckAnswer.EXPIRING, CheckAnswer.SUSPENDED})

TITLES = {
    CheckAnswer.NOT_OURS: N_("This certificate is not in the register"),
    CheckAnswer.UNKNOWN: N_("No answer is possible right now"),
}


class ShownCheckResult(Struct, frozen=True):
    """A result as a page shows it."""

    kind: str
    word: str
    title: str
    detail: str | None
    ring: LevelRing | None
    checks: list[LabelledRow]
    what_next: str
    facts: list[LabelledRow] = field(default_factory=list)
    modules: list[tuple[str, str]] = field(default_factory=list)
    documents: list[tuple[str, str, str]] = field(default_factory=list)
    says: str | None = None
    says_not: str | None = None
    altered: bool = False
    code: str | None = None
    complaint_code: str | None = None
    newer: str | None = None
    demo: str | None = None
    worried: str | None = None
    by_picture: bool = False


class ShownAgain(Struct, frozen=True):
    """Why a check has to be repeated; `at_code`: the message is shown at the field for the code."""

    kind: str
    title: str
    sentence: str
    at_code: bool


def why_again(found: CheckResult) -> ShownAgain:
    """Render why a typed code or a picture gave no answer, and what to do."""
    check = found.checks[0]
    return ShownAgain(
        KINDS[found.answer],
        _(ANSWER_NAMES[found.answer]),
        _(check.sentence, **check.values),
        found.answer is CheckAnswer.MISTYPED,
    )


def shown_result(found: CheckResult, content: Content, language: str) -> ShownCheckResult:
    """Render a result: the answer, whom it is about, each fact, each check."""
    if found.facts is None:
        return _without_facts(found)
    facts, words = found.facts, words_of(found.facts, content, language)
    altered = found.answer is CheckAnswer.ALTERED
    zone = content.countries[facts.country_code].file.time_zone
    return ShownCheckResult(
        KINDS[found.answer],
        _(ANSWER_NAMES[found.answer]),
        _("This is not the file that was issued") if altered else facts.school_name,
        None if altered else level_and_end(facts, words),
        None if altered else level_ring(facts, words),
        [_check(one, zone) for one in found.checks],
        _(NEXT[found.answer]),
        facts=fact_rows(facts, content, words),
        modules=module_rows(facts, words),
        documents=document_rows(facts, content, language),
        says=words.finding(facts) if found.good else None,
        says_not=words.text.not_meaning if found.good else None,
        altered=altered,
        code=in_groups(facts.code),
        complaint_code=facts.code if found.answer in STANDING else None,
        newer=_address(found.newer_code) if found.newer_code else None,
        demo=words.label("demo") if facts.demo else None,
        worried=words.worried(),
        by_picture=found.by_picture,
    )


def _without_facts(found: CheckResult) -> ShownCheckResult:
    title = _(TITLES.get(found.answer, TITLES[CheckAnswer.NOT_OURS]))
    if found.answer is CheckAnswer.ALTERED:
        title = _("This is not the file that was issued")
    return ShownCheckResult(
        KINDS[found.answer],
        _(ANSWER_NAMES[found.answer]),
        title,
        None,
        None,
        [_check(one) for one in found.checks],
        _(NEXT[found.answer]),
    )


def _address(code: str) -> str:
    return url_for("verification.verify_code", code=in_groups(code))


def _check(check: CertificateCheck, zone: str | None = None) -> LabelledRow:
    """Render a check; times are in `zone`, that of the certificate's country, else in the reader's zone."""
    values = {name: _value(value, zone) for name, value in check.values.items()}
    sign = SIGNS[check.outcome]
    if check.outcome is CheckOutcome.UNKNOWN:
        sign = f"({_('could not be checked')})"
    # A hard space keeps the sign on the line of the last word.
    return LabelledRow(_(check.what), f"{_(check.sentence, **values)}{HARD_SPACE}{sign}")


def _value(value: Any, zone: str | None) -> Any:
    if isinstance(value, datetime):
        return filters.moment(value, zone)
    return filters.day(value) if isinstance(value, date) else value


# --- the approved text -------------------------------------------------------------------------

SAMENESS_KINDS = {
    Sameness.FILE: "ok",
    Sameness.TEXT: "ok",
    Sameness.OTHER: "bad",
    Sameness.UNKNOWN: "none",
}

SAMENESS_WORDS = {
    Sameness.FILE: N_("The approved text, in exactly the same file"),
    Sameness.TEXT: N_("The same text, in a different file"),
    Sameness.OTHER: N_("Not the approved text"),
    Sameness.UNKNOWN: N_("Could not be compared"),
}

SAMENESS_SENTENCES = {
    Sameness.FILE: N_("This is exactly the file that the national group approved."),
    Sameness.TEXT: N_(
        "The file was saved again, but its text is exactly the approved text. Pictures are not compared."
    ),
    Sameness.OTHER: N_(
        "At least one character is different from the approved text. Page numbers and headers count as text. Ask the school for the file that was approved."
    ),
    Sameness.UNKNOWN: N_(
        "This is not the approved file. We cannot tell whether its text is the same: one of the two could not be read in full, for example because it is a scan. Ask the school for the approved file."
    ),
}


class ShownComparison(Struct, frozen=True):
    """How a document compares with the approved one, as a page shows it."""

    kind: str
    word: str
    sentence: str
    rows: list[LabelledRow]


def shown_comparison(
    compared: DocumentComparison, facts: CertificateFacts, content: Content, language: str
) -> ShownComparison:
    """Render how a document compares with those that a certificate names."""
    rows = []
    if compared.document:
        names = content.standard.rubric_text(language).evidence
        code = compared.document.evidence_code
        rows = [
            LabelledRow(_("Kind of document"), names.get(code, code)),
            LabelledRow(_("Version"), str(compared.document.version)),
            LabelledRow(_("Approved on"), filters.day(facts.decided_on)),
            LabelledRow(_("Hash of the approved file (SHA-256)"), compared.document.sha256),
        ]
    return ShownComparison(
        SAMENESS_KINDS[compared.sameness],
        _(SAMENESS_WORDS[compared.sameness]),
        _(SAMENESS_SENTENCES[compared.sameness]),
        rows,
    )
