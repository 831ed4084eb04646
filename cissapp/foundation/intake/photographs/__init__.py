"""Photographs of pages: decoded and re-encoded in a confined process, and refused if illegible."""

from cissapp.foundation.intake.photographs.examination import PagePhotograph, prepare, turn
from cissapp.foundation.intake.photographs.faults import FAULTS, PhotoFault, PhotoRefused

__all__ = ["FAULTS", "PagePhotograph", "PhotoFault", "PhotoRefused", "prepare", "turn"]
