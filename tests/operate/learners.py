"""People of invented schools: the first learn as the demonstration does, others have passed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any
from unittest.mock import patch

from cissapp.foundation.content.values import Module
from cissapp.operate.demo.schools import preparation
from cissapp.people.accounts.models import User
from tests import factories as make

LEARNERS = 4


@contextmanager
def most_have_passed() -> Iterator[None]:
    """Let the first few learn lesson by lesson, and all others have passed: their rows are in the same tables."""
    learn, calls = preparation.learn, count()

    def learned(person: User, modules: list[Module], *, at: datetime, **values: Any) -> None:
        if next(calls) < LEARNERS:
            learn(person, modules, at=at, **values)
            return
        for module in modules:
            make.passed_module(person, module.id, at)

    with patch.object(preparation, "learn", learned):
        yield
