"""References between parts of a PDF: no cycles, and no drawing that multiplies endlessly."""

import re
from typing import Any

import pikepdf

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

MOST_DRAWINGS = 1_000_000
LINKING_KEYS = {"/Kids", "/First", "/Next"}
DRAW = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")


class ReferenceGraph:
    """The references between objects."""

    def __init__(self) -> None:
        self.ways: dict[int, list[int]] = {}
        self.drawings: dict[int, list[int]] = {}

    def add_way(self, number: int, value: Any) -> None:
        """Record the references from a node of a tree or list to the next."""
        if ends := _targets(value):
            self.ways.setdefault(number, []).extend(ends)

    def add_drawing(self, form: Any, content: bytes) -> None:
        """Record which other drawings a drawing uses, each as often as it does."""
        inner = _inner_drawings(form)
        drawn = [
            inner[name] for found in DRAW.finditer(content) if (name := _decoded(found[1])) in inner
        ]
        if len(drawn) > MOST_DRAWINGS:
            raise FileRejected(RejectionReason.UNPACKS_HUGE)
        self.drawings[form.objgen[0]] = drawn
        self.ways.setdefault(form.objgen[0], []).extend(set(inner.values()))

    def refuse_circles(self) -> None:
        """Refuse cycles and drawings that expand too far."""
        order = self._from_leaves()
        sizes: dict[int, int] = {}
        for node in order:
            sizes[node] = 1 + sum(sizes.get(child, 1) for child in self.drawings.get(node, ()))
            if sizes[node] > MOST_DRAWINGS:
                raise FileRejected(RejectionReason.UNPACKS_HUGE)

    def _from_leaves(self) -> list[int]:
        done: list[int] = []
        state: dict[int, bool] = {}
        for start in self.ways:
            if start in state:
                continue
            path = [(start, iter(self.ways[start]))]
            state[start] = True
            while path:
                node, rest = path[-1]
                child = next(rest, None)
                if child is None:
                    state[node] = False
                    done.append(node)
                    path.pop()
                elif state.get(child):
                    raise FileRejected(RejectionReason.GOES_IN_CIRCLES)
                elif child not in state:
                    state[child] = True
                    path.append((child, iter(self.ways.get(child, ()))))
        return done


def _targets(value: Any) -> list[int]:
    if isinstance(value, pikepdf.Array):
        return [it.objgen[0] for it in value if isinstance(it, pikepdf.Object) and it.is_indirect]
    if isinstance(value, pikepdf.Object) and value.is_indirect:
        return [value.objgen[0]]
    return []


def _inner_drawings(form: Any) -> dict[str, int]:
    resources = form.get("/Resources")
    named = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(named, pikepdf.Dictionary):
        return {}
    return {
        name: it.objgen[0]
        for name, it in named.items()
        if isinstance(it, pikepdf.Stream) and it.get("/Subtype") == "/Form"
    }


def _decoded(name: bytes) -> str:
    plain = HEX_IN_NAME.sub(lambda found: bytes((int(found[1], 16),)), name)
    return "/" + plain.decode("latin-1")
