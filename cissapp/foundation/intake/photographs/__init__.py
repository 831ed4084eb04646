"""Photographs of pages: decoded and made anew in a process that is shut in, and legible or refused."""

from cissapp.foundation.intake.photographs.examination import PagePhotograph, prepare, turn
from cissapp.foundation.intake.photographs.faults import FAULTS, PhotoFault, PhotoRefused

__all__ = ["FAULTS", "PagePhotograph", "PhotoFault", "PhotoRefused", "prepare", "turn"]
