"""What the people of groups have besides cases: requests to join, messages, absences, programs, lists."""

from cissapp.operate.load.services.office.group_work import add_all

__all__ = ["add_all"]
