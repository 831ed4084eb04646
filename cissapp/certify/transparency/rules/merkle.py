"""The tree of RFC 6962 section 2.1 (the same in RFC 9162): hashes, proofs and their verification.

All hashes are 32 bytes of SHA-256. A tree is given by the hashes of its leaves; code that stores the hashes
of whole subtrees instead uses `inclusion_ranges` and `consistency_ranges` for the parts of a proof, and
`subtrees` for the stored hashes that make up such a range.
"""

import hashlib
from collections.abc import Iterable, Sequence

LENGTH = 32
EMPTY = hashlib.sha256().digest()

Range = tuple[int, int]


def leaf_hash(data: bytes) -> bytes:
    """Hash the data of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """A tree that grows leaf by leaf and always knows its root.

    It holds one hash for each whole subtree at its right edge, largest first.
    """

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self._edge = list(edge)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of a leaf; return the subtrees that it makes whole: level, position, hash."""
        made, level, position = [], 0, self.size
        while position & 1:
            leaf = node_hash(self._edge.pop(), leaf)
            level, position = level + 1, position >> 1
            made.append((level, position, leaf))
        self._edge.append(leaf)
        self.size += 1
        return made

    @property
    def root(self) -> bytes:
        """The current root."""
        return join_subtrees(self._edge)


def join_subtrees(edge: Sequence[bytes]) -> bytes:
    """Compute the root of neighbouring whole subtrees, largest first."""
    if not edge:
        return EMPTY
    top = edge[-1]
    for left in reversed(edge[:-1]):
        top = node_hash(left, top)
    return top


def root(leaves: Iterable[bytes]) -> bytes:
    """Compute the root of a tree with these leaf hashes."""
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root


# --- what a proof is made of -------------------------------------------------------------------


def _split(size: int) -> int:
    """Return the largest power of two below the size (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """List the ranges of leaves whose roots prove that a leaf stands in a tree (PATH)."""
    if not 0 <= index < size:
        raise ValueError("the index is not in the tree")
    begin, end, ranges = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """List the ranges of leaves whose roots prove that one tree extends another (PROOF)."""
    if not 0 <= first <= second:
        raise ValueError("the first size is larger than the second")
    if first in {0, second}:
        return []
    begin, end, ranges = 0, second, []
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    if begin:  # else the checker knows this root already: it is the first tree itself
        ranges.append((begin, end))
    return ranges[::-1]


def subtrees(begin: int, end: int) -> list[tuple[int, int]]:
    """Cut a range of a proof, or a tree from its beginning, into whole subtrees: level, position."""
    cut = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        cut.append((level, begin >> level))
        begin += 1 << level
    return cut


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the proof that the leaf at an index is in the tree of these leaf hashes."""
    return [root(leaves[begin:end]) for begin, end in inclusion_ranges(index, len(leaves))]


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the proof that the tree of these leaf hashes extends the one of its first leaves.

    From an empty tree, and from a tree to itself, there is nothing to prove: the proof is empty.
    """
    return [root(leaves[begin:end]) for begin, end in consistency_ranges(first, len(leaves))]


# --- the check ---------------------------------------------------------------------------------


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Check whether the proof shows that a leaf with this hash is at the index of a tree.

    RFC 9162 section 2.1.3.2. A proof that is longer or shorter than required shows nothing.
    """
    if not 0 <= index < size or not _are_hashes(leaf, *proof):
        return False
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Check whether the proof shows that the second tree extends the first.

    RFC 9162 section 2.1.4.2. A tree is consistent with itself by an empty proof only. From an empty tree
    nothing can be shown, so the answer is no: there is nothing to compare with.
    """
    if not 0 < first <= second or not _are_hashes(*proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    whole = first & (first - 1) == 0
    return _chained([first_root, *proof] if whole else proof, first, second) == (
        first_root,
        second_root,
    )


def _chained(path: Sequence[bytes], first: int, second: int) -> tuple[bytes, bytes] | None:
    """Compute both roots from a path that begins with a subtree of both trees."""
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, other)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == LENGTH for value in values)
