"""Specimens of statements of learning for tests without a database."""

import json
from datetime import UTC, date, datetime

from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring
from cissapp.learn.statements.document import page as pdf
from cissapp.learn.statements.document import tokens
from cissapp.learn.statements.document.facts import LearningStatement, StatedModule

MADE_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
BOX = "This is not a school certificate and says nothing about the school’s safety."

# Names with the marks that other fonts lack or lose.
PEOPLE = {
    "en": ("Ann O’Brien-Smith", "Lyceum No. 4", "Orhei"),
    "ro": ("Ștefăniță Țurcanu-Brânză", "Liceul Teoretic „Ștefan cel Mare și Sfânt”", "Țipala"),
    "uk": ("Ґалаґан Їжакевич-Щур", "Ліцей № 47 імені Ґалаґана «Їжачок»", "Харків"),
    "ru": ("Алёна Эдуардовна Щукина", "Гимназия № 12 «Ёлочка»", "Бельцы"),
    "be": ("Уладзімір Ўсцінаў", "Сярэдняя школа № 3 імя Караткевіча", "Ліда"),
}


def module(number: int = 1, **changes) -> StatedModule:
    values = {
        "id": f"module-{number}",
        "number": number,
        "title": f"Title of the module {number}",
        "version": 3,
        "lessons": 6,
        "lessons_read": 6,
        "passed_on": date(2026, 11, number),
        "percent": 80 + number,
        **changes,
    }
    return StatedModule(**values)


def statement(language: str = "en", **changes) -> LearningStatement:
    name, school, locality = PEOPLE[language]
    values = {
        "name": name,
        "school_name": school,
        "school_code": "S1",
        "locality": locality,
        "country_code": "MD",
        "language": language,
        "modules": (*(module(n) for n in range(1, 5)), module(5, passed_on=None, percent=None)),
        "made_at": MADE_AT,
        "base_url": "https://ciss.example",
        "key_id": "2020-A",
        "demo": False,
        "says_not": BOX,
        **changes,
    }
    return LearningStatement(**values)


def words(of: LearningStatement) -> pdf.PrintedStatement:
    rows = tuple(
        (one.title, str(one.passed_on or "not yet"), f"{one.percent} %", "6 of 6", str(one.version))
        for one in of.modules
    )
    return pdf.PrintedStatement(
        title="Statement of learning",
        school=f"{of.school_name}, {of.locality}",
        box=of.says_not,
        lead="This person has passed 4 modules.",
        head=("Module", "Passed on", "Quiz", "Lessons read", "Version"),
        rows=rows,
        notes=("Made on 25 November 2026.", "Signed by ECPAT for tests."),
        demo="Invented." if of.demo else None,
    )


def drawn(of: LearningStatement) -> bytes:
    return pdf.draw_page(of, words(of))


def signed_pdf(of: LearningStatement, by: Keyring) -> bytes:
    return seal.sign(drawn(of), ring=by, key=by.newest(), reason="Statement", place="Moldova")


def signed_json(of: LearningStatement, by: Keyring) -> bytes:
    jws = tokens.sign_token(of, ring=by, key=by.newest())
    return json.dumps({"statement": of.content(), "jws": jws}).encode()
