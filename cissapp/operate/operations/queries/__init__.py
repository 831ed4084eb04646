"""What an operator looks at: settings and services, each with what mends it."""

from cissapp.operate.operations.queries.checks import all_findings
from cissapp.operate.operations.queries.of_settings import refusals

__all__ = ["all_findings", "refusals"]
