"""What an operator has done: the work of each day, and checks that everything is whole."""

from cissapp.operate.operations.services.daily_work import daily, work

__all__ = ["daily", "work"]
