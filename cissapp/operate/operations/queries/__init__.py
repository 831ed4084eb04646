"""What an operator looks at: settings and services, each with what mends it."""

from cissapp.operate.operations.queries.checks import all_findings
from cissapp.operate.operations.queries.of_settings import refusal_text, refusals

__all__ = ["all_findings", "refusal_text", "refusals"]
