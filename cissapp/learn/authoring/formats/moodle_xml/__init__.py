"""Moodle XML, the format that carries most of what Moodle knows of a question."""

from cissapp.learn.authoring.formats.moodle_xml.reading import read_moodle_xml
from cissapp.learn.authoring.formats.moodle_xml.writing import write_moodle_xml

__all__ = ["read_moodle_xml", "write_moodle_xml"]
