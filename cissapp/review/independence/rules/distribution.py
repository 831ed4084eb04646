"""Proposes who takes which role: only where allowed, and as evenly as possible."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.review.independence.rules import CaseRole

SOURCE, SINK = ("source",), ("sink",)


class FreeRole(Struct, frozen=True):
    """A role of a case that nobody holds."""

    case: UUID
    role: CaseRole


def distribute_roles(
    free: Sequence[FreeRole],
    allowed: Mapping[FreeRole, AbstractSet[UUID]],
    loads: Mapping[UUID, int],
) -> dict[FreeRole, UUID]:
    """Propose a person for as many free roles as can be filled; nobody gets two roles of one case.

    `allowed` holds the people who may take a role, `loads` the number of open cases of each person. Of all
    proposals that fill the most roles, this is one with the smallest sum of squared loads. It is a minimum
    cost flow from people through cases to roles: each further case of a person costs more than the last.
    """
    import networkx as nx  # noqa: PLC0415 -- slow import

    graph = nx.DiGraph()
    for one in free:
        graph.add_edge(("role", one), SINK, capacity=1, weight=0)
        for person in allowed.get(one, frozenset()):
            at_case = ("at", person, one.case)
            graph.add_edge(("person", person), at_case, capacity=1, weight=0)
            graph.add_edge(at_case, ("role", one), capacity=1, weight=0)
    people = sorted({node[1] for node in graph if node[0] == "person"})
    if not people:
        return {}
    for person in people:
        _add_steps(graph, person, loads.get(person, 0))
    # A role that stays empty costs more than all others together.
    dearest = 1 + sum(weight for *_edge, weight in graph.edges(data="weight"))
    graph.add_edge(SOURCE, SINK, capacity=len(free), weight=dearest)
    graph.nodes[SOURCE]["demand"], graph.nodes[SINK]["demand"] = -len(free), len(free)
    # A flow looks each node up thousands of times, and numbers are found much faster than ids.
    nodes = list(graph)
    flow = nx.min_cost_flow(nx.convert_node_labels_to_integers(graph))
    return dict(_distributed(nodes, flow))


def _add_steps(graph: Any, person: UUID, load: int) -> None:
    """Add the cost of each further case of a person: the increase of the squared load."""
    for more in range(graph.out_degree(("person", person))):
        step = ("step", person, more)
        graph.add_edge(SOURCE, step, capacity=1, weight=2 * (load + more) + 1)
        graph.add_edge(step, ("person", person), capacity=1, weight=0)


def _distributed(
    nodes: Sequence[tuple[Any, ...]], flow: Mapping[int, Mapping[int, int]]
) -> Iterator[tuple[FreeRole, UUID]]:
    for number, onwards in flow.items():
        kind, *names = nodes[number]
        if kind == "at":
            for role, amount in onwards.items():
                if amount:
                    yield nodes[role][1], names[0]
