"""GIFT, the plain-text format of Moodle's questions."""

from cissapp.learn.authoring.formats.gift.reading import read_gift
from cissapp.learn.authoring.formats.gift.writing import write_gift

__all__ = ["read_gift", "write_gift"]
