"""A small library of clauses, in English and Romanian, and how it is put in the place of the shipped one."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from msgspec.structs import replace

from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.content.schema.toolkit import (
    ClauseKey,
    ClauseWords,
    ElementWords,
    FieldWords,
    PolicyQuestionKey,
)
from cissapp.foundation.content.toolkit import Clause, PolicyQuestion, Toolkit
from cissapp.foundation.office.filling import Value
from cissapp.prepare.policy.rules.clauses import SchoolWords


def question(name, kind, section="scope", *, options=(), needed=True, most=200, least=0):
    key = PolicyQuestionKey(
        id=name, kind=kind, section=section, options=options, needed=needed, most=most, least=least
    )
    words = FieldWords(
        text=f"Question {name}?", options={one: one.replace("_", " ") for one in options}
    )
    return PolicyQuestion(key, {"en": words})


def clause(name, text, section="scope", **values):
    version = values.pop("version", 1)
    younger, older = values.pop("younger", None), values.pop("older", None)
    romanian = values.pop("ro", None)
    key = ClauseKey(id=name, section=section, version=version, **values)
    texts = {
        "en": ClauseWords(title=f"Title of {name}", text=text, younger=younger, older=older),
    }
    if romanian:
        texts["ro"] = ClauseWords(title=f"Titlul {name}", text=romanian)
    return Clause(key, texts)


def element(name, *signs):
    return {"en": ElementWords(name=f"Element {name}", signs=signs)}


def library(*clauses: Clause, **values) -> Toolkit:
    """The small library; clauses named like one of its own take that one's place, others are added."""
    known = {one.id: one for one in CLAUSES} | {one.id: one for one in clauses}
    return replace(LIBRARY, clauses=tuple(known.values()), **values)


QUESTIONS = (
    question("adopted_by", "choice", options=("council", "board")),
    question("adopted_on", "date"),
    question("next_review", "date"),
    question("devices", "choices", options=("school_computers", "own_phones")),
    question("volunteers", "yes_no", "people"),
    question("adults_total", "number", "people", least=1, most=900),
    question("adults_signed", "number", "people", most=900),
    question("founder", "text", "reporting", most=40, needed=False),
)
ELEMENTS = {
    "A1.groups": element("groups", "all pupils", "all staff"),
    "A1.devices": element("devices", "phone", "computer"),
    "A2.adopted": element("adopted", "adopt"),
    "A6.volunteers": element("volunteers", "volunteer"),
    "A7.signed": element("signed", "signed"),
    "B2.ways": element("ways", "report"),
}
CLAUSES = (
    clause(
        "who",
        "This covers all pupils and all staff of {school}.",
        elements=("A1.groups",),
        younger="This is for you.",
        older="This is for all of you.",
        ro="Aceasta îi acoperă pe toți elevii.",
    ),
    clause(
        "devices",
        "It covers these devices: {devices}. Each phone rests in a bag.",
        elements=("A1.devices",),
        needs=("devices",),
    ),
    clause(
        "adoption",
        "Adopted by {adopted_by} on {adopted_on}; next review: {next_review}.",
        elements=("A2.adopted",),
        needs=("adopted_by", "adopted_on", "next_review"),
    ),
    clause(
        "with-volunteers",
        "Volunteers are checked.",
        "people",
        elements=("A6.volunteers",),
        when={"volunteers": ("yes",)},
    ),
    clause(
        "without-volunteers",
        "At present there are no volunteers.",
        "people",
        elements=("A6.volunteers",),
        when={"volunteers": ("no",)},
    ),
    clause(
        "signed",
        "{adults_signed} of {adults_total} adults have signed.",
        "people",
        elements=("A7.signed",),
        needs=("adults_signed", "adults_total"),
    ),
    clause(
        "ways",
        "How to report:\n\n{channels}",
        "reporting",
        elements=("B2.ways",),
        needs=("channels",),
    ),
    clause("of-ukraine", "In Ukraine this holds.", elements=("A1.groups",), countries=("UA",)),
    clause("unsure", "A law may say so.", elements=("A2.adopted",), state="confirm"),
)
LIBRARY = Toolkit(
    version="2026-11",
    sections={
        "scope": {"en": "What it covers", "ro": "Ce acoperă"},
        "people": {"en": "People"},
        "reporting": {"en": "How to report"},
    },
    questions=QUESTIONS,
    elements=ELEMENTS,
    clauses=CLAUSES,
)
ANSWERS = {
    "adopted_by": ["council"],
    "adopted_on": ["2026-11-20"],
    "next_review": ["2027-11-01"],
    "devices": ["own_phones", "school_computers"],
    "volunteers": ["no"],
    "adults_total": ["40"],
    "adults_signed": ["40"],
    "founder": ["district office"],
}
VALUES = {
    "school": Value("Lyceum", {"school.name": "Lyceum"}),
    "channels": Value("- room 7", {"channel.1.contact": "room 7"}),
    "people": Value("- psychologist"),
    "designated": Value("Ana"),
    "deputy": Value("Ion"),
}
SAID = SchoolWords("MD", answers=ANSWERS)


@contextmanager
def installed(app: Flask, toolkit: Toolkit = LIBRARY) -> Iterator[None]:
    """Put a library in the place of the one that the application was started with."""
    known = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(known, toolkit=toolkit)
    try:
        yield
    finally:
        app.extensions[EXTENSION] = known
