"""What a service refuses, by the codes of its problems."""

from typing import Any


def codes(refused: Any) -> list[str]:
    """The codes of the problems that a refusal names, as `pytest.raises(Refused)` caught it."""
    return [problem.code for problem in refused.value.problems]
