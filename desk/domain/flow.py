"""Ways through what may flow from one to another: a step of maximum flow (Ford & Fulkerson 1956)."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def shortest_way(
    ways: Callable[[Node], Iterable[tuple[Node, int]]], source: Node, drain: Node, least: int = 1
) -> list[Node] | None:
    """Return a shortest way on which at least so much can flow everywhere; None where there is none."""
    came: dict[Node, Node] = {source: source}
    line = deque([source])
    while line and drain not in came:
        node = line.popleft()
        for other, amount in ways(node):
            if amount >= least and other not in came:
                came[other] = node
                line.append(other)
    if drain not in came:
        return None
    path = [drain]
    while path[-1] != source:
        path.append(came[path[-1]])
    return path[::-1]
