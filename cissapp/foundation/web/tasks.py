"""An entry of a list of tasks, as `components/task.html` shows it."""

from msgspec import Struct


class Task(Struct, frozen=True):
    """Something to do: where, how far it is, and a note."""

    label: str
    href: str
    kind: str
    state: str
    detail: str
