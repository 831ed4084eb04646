"""GIFT, the plain-text format of Moodle's questions."""

from cissapp.foundation.content.exchange.gift.reading import read_gift
from cissapp.foundation.content.exchange.gift.writing import write_gift

__all__ = ["read_gift", "write_gift"]
