"""Units as XLIFF 1.2, the version that all tools read: OmegaT, Weblate, Poedit, Virtaal."""

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cissapp.learn.translation.formats.unreadable import UnreadableTranslation
from cissapp.learn.translation.rules import SentUnit, Unit, UnitState

SPACE = "urn:oasis:names:tc:xliff:document:1.2"
STATES = {
    UnitState.TO_TRANSLATE: "needs-translation",
    UnitState.CHANGED: "needs-review-translation",
    UnitState.TRANSLATED: "translated",
    UnitState.READ: "final",
}


def write_xliff(units: Iterable[Unit], language: str) -> bytes:
    """Return the file, a `<file>` for each entry."""
    ET.register_namespace("", SPACE)
    root = ET.Element(_named("xliff"), version="1.2")
    bodies: dict[str, ET.Element] = {}
    for unit in units:
        if unit.entry not in bodies:
            about = {
                "original": unit.entry,
                "source-language": "en",
                "target-language": language,
                "datatype": "plaintext",
            }
            file = ET.SubElement(root, _named("file"), about)
            bodies[unit.entry] = ET.SubElement(file, _named("body"))
        one = ET.SubElement(bodies[unit.entry], _named("trans-unit"), id=unit.key)
        one.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        ET.SubElement(one, _named("source")).text = unit.english
        ET.SubElement(one, _named("target"), state=STATES[unit.state]).text = unit.own
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def read_xliff(data: bytes) -> Iterator[SentUnit]:
    """Read the units of a file; a file that declares entities is refused."""
    try:
        root = fromstring(data)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableTranslation(f"this is not an XLIFF file: {error}") from error
    if root.tag != _named("xliff"):
        raise UnreadableTranslation("this is not an XLIFF 1.2 file")
    for file in root.iter(_named("file")):
        for unit in file.iter(_named("trans-unit")):
            context = f"{file.get('original', '')}|{unit.get('id', '')}"
            yield SentUnit(context, _text(unit, "source"), _text(unit, "target"))


def _text(unit: ET.Element, name: str) -> str:
    found = unit.find(_named(name))
    return "" if found is None else "".join(found.itertext())


def _named(tag: str) -> str:
    return f"{{{SPACE}}}{tag}"
