"""Makes a signed statement of learning, as PDF and as JSON, without storing it."""

import json
from datetime import datetime

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.paper.text import Unprintable
from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import PublicKey
from cissapp.foundation.signing.settings import SelfCheckFailed, Settings, signing_key
from cissapp.learn.statements.document import checking, tokens
from cissapp.learn.statements.document.facts import (
    LearningStatement,
    PrintedStatement,
    StatedModule,
)
from cissapp.learn.statements.rules import StatementWorth
from cissapp.people.accounts.models import User

REASON = "This is a statement of learning, not a certificate for a school."


class UnsignedStatement(Struct, frozen=True):
    """A statement that is ready to be signed, and the key for it."""

    statement: LearningStatement
    settings: Settings
    key: PublicKey


def prepare_statement(
    person: User,
    modules: tuple[StatedModule, ...],
    *,
    settings: Settings,
    language: str,
    says_not: str,
    at: datetime,
) -> UnsignedStatement:
    """Assemble the statement; raise `Refused` if there is nothing to state or no key to sign with."""
    if not modules:
        raise Refused(Problem("nothing", N_("There is nothing to state yet. Read a lesson first.")))
    school = person.school
    country_code = person.country_code or ""
    key = signing_key(settings, country_code, at)
    statement = LearningStatement(
        name=person.name,
        school_name=school.name if school else "",
        school_code=school.code if school else "",
        locality=school.locality if school else "",
        country_code=country_code,
        language=language,
        modules=modules,
        made_at=at,
        base_url=settings.base_url,
        key_id=key.id,
        demo=settings.demo,
        says_not=says_not,
    )
    return UnsignedStatement(statement, settings, key)


def sign_as_pdf(unsigned: UnsignedStatement, words: PrintedStatement, *, place: str) -> bytes:
    """Draw and sign the PDF, then verify it as any recipient would; refuse what cannot be printed."""
    from cissapp.learn.statements.document import page as pdf  # noqa: PLC0415 -- slow import

    ring = keys.again(unsigned.settings.keys)
    try:
        page = pdf.draw_page(unsigned.statement, words)
    except Unprintable as error:
        message = N_("The name or the school cannot be printed: %(why)s.")
        raise Refused(Problem("printable", message, {"why": str(error)})) from error
    content = seal.sign(page, ring=ring, key=unsigned.key, reason=REASON, place=place)
    _look(content, unsigned)
    return content


def sign_as_json(unsigned: UnsignedStatement) -> str:
    """Write and sign the JSON document, then verify it as any recipient would."""
    ring = keys.again(unsigned.settings.keys)
    try:
        jws = tokens.sign_token(unsigned.statement, ring=ring, key=unsigned.key)
    except keys.NoKeys as error:
        message = N_(
            "The signing key of this installation is too old to sign this. Download the PDF instead."
        )
        raise Refused(Problem("keys", message)) from error
    document = {"statement": unsigned.statement.content(), "jws": jws}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    _look(text.encode(), unsigned)
    return text


def _look(content: bytes, unsigned: UnsignedStatement) -> None:
    found = checking.check_file(content, keys.again(unsigned.settings.keys))
    if found.worth is not StatementWorth.GENUINE or found.statement is None:
        raise SelfCheckFailed(f"a statement of learning is {found.worth}: {found.reason}")
    if found.statement.text() != unsigned.statement.text():
        raise SelfCheckFailed("a statement of learning states something else")
