"""The tree: published values, the definition itself, and wrong proofs."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.certify.transparency.rules import merkle

# The tree that implementations of Certificate Transparency share as their reference.
DATA = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [merkle.leaf_hash(one) for one in DATA]
ROOTS = [
    bytes.fromhex(one)
    for one in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
L4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
L67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
L45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

PATHS = [
    (0, 1, []),
    (0, 8, [L1, L23, L4567]),
    (5, 8, [L4, L67, ROOTS[4].hex()]),
    (2, 3, [ROOTS[2].hex()]),
    (1, 5, [ROOTS[1].hex(), L23, L4]),
]
STEPS = [
    (1, 1, []),
    (1, 8, [L1, L23, L4567]),
    (6, 8, [L45, L67, ROOTS[4].hex()]),
    (2, 5, [L23, L4]),
]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_reference_tree(size: int):
    assert merkle.root(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_inclusion_proofs_are_those_of_the_reference_tree(index: int, size: int, path: list[str]):
    proof = merkle.inclusion_proof(index, LEAVES[:size])

    assert [one.hex() for one in proof] == path
    assert merkle.verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size])


@pytest.mark.parametrize(("first", "second", "path"), STEPS)
def test_consistency_proofs_are_those_of_the_reference_tree(
    first: int, second: int, path: list[str]
):
    proof = merkle.consistency_proof(first, LEAVES[:second])

    assert [one.hex() for one in proof] == path
    assert merkle.verify_consistency(first, second, proof, ROOTS[first], ROOTS[second])


# --- the definition, as RFC 6962 section 2.1 writes it -------------------------------------------


def below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    if len(d) <= 1:
        return d[0] if d else hashlib.sha256(b"").digest()
    k = below(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = below(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], known: bool) -> list[bytes]:
    if m == len(d):
        return [] if known else [mth(d)]
    k = below(len(d))
    if m <= k:
        return [*subproof(m, d[:k], known), mth(d[k:])]
    return [*subproof(m - k, d[k:], known=False), mth(d[:k])]


leaves = st.integers(1, 70).map(lambda n: [merkle.leaf_hash(bytes([one])) for one in range(n)])


@given(leaves, st.data())
def test_trees_and_proofs_follow_the_definition(d: list[bytes], data: st.DataObject):
    index = data.draw(st.integers(0, len(d) - 1))
    first = data.draw(st.integers(1, len(d)))

    assert merkle.root(d) == mth(d)
    assert merkle.inclusion_proof(index, d) == path(index, d)
    assert merkle.consistency_proof(first, d) == subproof(first, d, known=True)
    assert merkle.verify_inclusion(index, len(d), d[index], path(index, d), mth(d))
    assert merkle.verify_consistency(
        first, len(d), subproof(first, d, known=True), mth(d[:first]), mth(d)
    )


@given(leaves)
def test_a_growing_tree_makes_each_whole_subtree_once(d: list[bytes]):
    tree, kept = merkle.GrowingTree(), {(0, index): leaf for index, leaf in enumerate(d)}
    for leaf in d:
        kept |= {(level, position): made for level, position, made in tree.add(leaf)}

    assert kept == {
        (level, position): mth(d[position << level : (position + 1) << level])
        for level in range(len(d).bit_length())
        for position in range(len(d) >> level)
    }
    again = merkle.GrowingTree(len(d), [kept[one] for one in merkle.subtrees(0, len(d))])
    assert (again.size, again.root) == (len(d), mth(d))


# --- wrong proofs ----------------------------------------------------------------------------


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    return bytes(changed)


@given(leaves, st.data())
def test_a_wrong_proof_of_inclusion_shows_nothing(d: list[bytes], data: st.DataObject):
    size, index = len(d), data.draw(st.integers(0, len(d) - 1))
    proof, top, leaf = path(index, d), mth(d), d[index]
    bit, at = data.draw(st.integers(0, 255)), data.draw(st.integers(0, len(proof)))
    elsewhere = data.draw(st.integers(0, 200).filter(lambda one: one != index))
    strange = merkle.leaf_hash(b"strange")

    wrong = [
        (elsewhere, size, leaf, proof, top),
        (index - size, size, leaf, proof, top),
        (index, index, leaf, proof, top),
        (index, 0, leaf, proof, top),
        (index, -size, leaf, proof, top),
        (index, size, flipped(leaf, bit), proof, top),
        (index, size, leaf[:-1], proof, top),
        (index, size, leaf + b"\0", proof, top),
        (index, size, b"", proof, top),
        (index, size, leaf, proof, flipped(top, bit)),
        (index, size, leaf, proof, b""),
        (index, size, leaf, [*proof[:at], strange, *proof[at:]], top),
        (index, size, leaf, [*proof[:at], b"", *proof[at:]], top),
        (index, size, leaf, [*proof, top], top),
        (index, size, leaf, [top, *proof], top),
    ]
    if proof:
        at = at % len(proof)
        wrong += [
            (index, size, leaf, [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]], top),
            (index, size, leaf, [*proof[:at], *proof[at + 1 :]], top),
            (index, size, leaf, [], top),
            (index, size, leaf, [*proof[:at], proof[at][:-1], *proof[at + 1 :]], top),
            (index, size, leaf, proof, leaf),
        ]

    assert [one for one in wrong if merkle.verify_inclusion(*one)] == []


@given(leaves, st.data())
def test_a_wrong_proof_of_consistency_shows_nothing(d: list[bytes], data: st.DataObject):
    second, first = len(d), data.draw(st.integers(1, len(d)))
    proof, old, new = subproof(first, d, known=True), mth(d[:first]), mth(d)
    bit, at = data.draw(st.integers(0, 255)), data.draw(st.integers(0, len(proof)))
    strange = merkle.leaf_hash(b"strange")

    wrong = [
        (0, second, proof, old, new),
        (-first, second, proof, old, new),
        (second + 1, second, proof, old, new),
        (first, first - 1, proof, old, new),
        (first, second, proof, flipped(old, bit), new),
        (first, second, proof, old, flipped(new, bit)),
        (first, second, proof, b"", new),
        (first, second, [*proof[:at], strange, *proof[at:]], old, new),
        (first, second, [*proof, new], old, new),
        (first, second, [old, *proof], old, new),
        (first, second, [b"", *proof], old, new),
    ]
    if proof:
        at = at % len(proof)
        wrong += [
            (first, first, proof, old, old),
            (first, second, [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]], old, new),
            (first, second, [*proof[:at], *proof[at + 1 :]], old, new),
            (first, second, [], old, new),
            (first, second, proof, new, old),
            (second, first, proof, new, old),
        ]

    assert [one for one in wrong if merkle.verify_consistency(*one)] == []


def test_every_other_pair_of_sizes_is_refused_for_the_proofs_of_the_reference_tree():
    """Within trees of one shape the size alone may not matter; a proof must still name its own."""
    accepted = [
        (first, second, said)
        for first in range(1, 9)
        for second in range(first, 9)
        for said in range(9)
        if said != second
        and merkle.verify_consistency(
            first, said, merkle.consistency_proof(first, LEAVES[:second]), ROOTS[first], ROOTS[said]
        )
    ]

    assert accepted == []


EDGES = [
    ((0, 0, [], ROOTS[0], ROOTS[0]), False),
    ((0, 0, [], ROOTS[0], ROOTS[1]), False),
    ((0, 0, [LEAVES[0]], ROOTS[0], ROOTS[0]), False),
    ((0, 1, [], ROOTS[0], ROOTS[1]), False),
    ((0, 1, [LEAVES[0]], ROOTS[0], ROOTS[1]), False),
    ((1, 0, [], ROOTS[1], ROOTS[0]), False),
    ((1, 1, [], ROOTS[1], ROOTS[1]), True),
    ((1, 1, [], b"any", b"any"), True),
    ((1, 1, [], ROOTS[1], ROOTS[2]), False),
    ((1, 1, [LEAVES[0]], ROOTS[1], ROOTS[1]), False),
    ((1, 2, [], ROOTS[1], ROOTS[2]), False),
    ((1, 2, [LEAVES[1]], ROOTS[1], ROOTS[2]), True),
    ((2, 1, [LEAVES[1]], ROOTS[2], ROOTS[1]), False),
]


@pytest.mark.parametrize(("question", "answer"), EDGES)
def test_the_edges_of_consistency(question: tuple, answer: bool):
    assert merkle.verify_consistency(*question) is answer


@pytest.mark.parametrize(
    ("index", "size"), [(0, 0), (1, 1), (2, 1), (-1, 1), (8, 8), (2**63, 8), (0, -1)]
)
def test_an_index_outside_the_tree_is_refused(index: int, size: int):
    assert not merkle.verify_inclusion(index, size, LEAVES[0], [], ROOTS[1])
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion_ranges(index, size)


def test_a_very_large_tree_has_short_proofs():
    size = 2**63

    assert [end - begin for begin, end in merkle.inclusion_ranges(5, size)] == [
        1 << level for level in range(63)
    ]
    assert len(merkle.consistency_ranges(size - 1, size)) == 64
    assert merkle.subtrees(0, size - 1)[:2] == [(62, 0), (61, 2)]


def test_there_is_nothing_to_prove_from_an_empty_tree_or_to_itself():
    assert [
        merkle.consistency_proof(0, LEAVES),
        merkle.consistency_proof(8, LEAVES),
        merkle.consistency_proof(0, []),
    ] == [[], [], []]
    with pytest.raises(ValueError, match="larger"):
        merkle.consistency_ranges(9, 8)


def test_each_size_goes_on_from_the_one_before():
    for first, second in pairwise(range(1, 9)):
        proof = merkle.consistency_proof(first, LEAVES[:second])
        assert merkle.verify_consistency(first, second, proof, ROOTS[first], ROOTS[second])
