"""What an operator runs: the work of each day, and checks that everything is intact."""

from cissapp.operate.operations.services.daily_work import daily, work
from cissapp.operate.operations.services.jobs import JobResult
from cissapp.operate.operations.services.one_run import AnotherRun

__all__ = ["AnotherRun", "JobResult", "daily", "work"]
