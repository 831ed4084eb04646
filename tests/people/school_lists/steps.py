"""Steps of a list that have the same size however fast the machine is."""

from types import SimpleNamespace

from cissapp.people.school_lists.services import memory, storing


def take_small_steps(monkeypatch, rows, parts=1):
    """Let a part of a list have so many rows, and a step so many parts."""
    monkeypatch.setattr(storing, "ROWS_A_PART", rows)
    nothing = {"begin": lambda _rows: None, "end": lambda: None, "restart": lambda: None}
    size = SimpleNamespace(rows=rows * parts, **nothing)
    monkeypatch.setattr(memory, "StepSize", lambda *_how: size)
