"""Kernels of the random walker's solver: a sampled Cholesky factor and conjugate gradients.

The graph has n unknown nodes, numbered in the order in which they are to be
eliminated, and one grounded node n that stands for all seeds together. Right-hand
sides come eight at a time, as the columns of (n, 8) arrays, so that the indices are
read once for all of them and a row of float32 fills one vector register.

No checks: indices lie in range, weights are positive, rows of the CSR arrays are
symmetric, and every node has a path to the ground.

References
----------
Gao, Kyng, Spielman 2023, Robust and practical solution of Laplacian equations by
approximate elimination, doi:10.48550/arXiv.2303.00709.
"""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["WIDTH", "advance", "apply_factor", "sampled_factor"]

WIDTH = 8

# Multiply-adds may fuse; nothing else about the arithmetic may change.
_kernel = nb.njit(cache=True, nogil=True, fastmath={"contract"})


@_kernel
def sampled_factor(  # type: ignore[no-untyped-def]
    indptr, indices, weights, ground, seed,
    head, following, other, value, slot, node, weight, cumulated,
    pointers, rows, entries, inverse_diagonal,
):  # fmt: skip
    """Factor the grounded Laplacian approximately, in linear space.

    Eliminating a node joins its neighbours to a clique. Instead of the clique, a
    random tree on the neighbours is kept, whose expectation is the clique, so that
    the number of edges never grows. The graph is (`indptr`, `indices`, `weights`,
    `ground`); scratch is `head` and `slot` (n + 1,) filled with -1, `node`, `weight`
    and `cumulated` (n + 1,), and `following`, `other`, `value` (as many as edges and
    nodes). The factor, unit lower triangular by columns with its entries negated,
    goes to `pointers` (n + 1,), `rows`, `entries` and `inverse_diagonal` (n,).

    Returns the number of entries, or -1 if `rows` is too short for them.
    """
    n = len(ground)
    n_edges = 0
    for i in range(n):
        if ground[i] > 0.0:
            other[n_edges] = n
            value[n_edges] = ground[i]
            following[n_edges] = head[i]
            head[i] = n_edges
            n_edges += 1
        for e in range(indptr[i], indptr[i + 1]):
            if indices[e] > i:
                other[n_edges] = indices[e]
                value[n_edges] = weights[e]
                following[n_edges] = head[i]
                head[i] = n_edges
                n_edges += 1

    n_entries = 0
    state = np.uint64(seed)
    for i in range(n):
        pointers[i] = n_entries
        degree = 0
        free = head[i]
        e = free
        while e >= 0:
            j = other[e]
            if slot[j] < 0:
                slot[j] = degree
                node[degree] = j
                weight[degree] = value[e]
                degree += 1
            else:
                weight[slot[j]] += value[e]
            e = following[e]
        for a in range(degree):
            slot[node[a]] = -1
        for a in range(1, degree):  # lightest first; degrees are small
            w = weight[a]
            j = node[a]
            b = a - 1
            while b >= 0 and weight[b] > w:
                weight[b + 1] = weight[b]
                node[b + 1] = node[b]
                b -= 1
            weight[b + 1] = w
            node[b + 1] = j
        total = 0.0
        for a in range(degree):
            total += weight[a]
            cumulated[a] = total
        if n_entries + degree > len(rows):
            return -1

        left = total  # what remains of the node's weight as its neighbours leave
        scale = 1.0
        for a in range(degree - 1):
            j = node[a]
            share = weight[a] * scale / left
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            uniform = np.float64(state >> np.uint64(11)) * (1.0 / 9007199254740992.0)
            drawn = cumulated[a] + uniform * (total - cumulated[a])
            b = a + 1
            while b < degree - 1 and cumulated[b] < drawn:
                b += 1
            low = min(j, node[b])
            e = free  # an edge of the eliminated node gives its place to the new one
            free = following[free]
            other[e] = max(j, node[b])
            value[e] = share * (1.0 - share) * left
            following[e] = head[low]
            head[low] = e
            rows[n_entries] = j
            entries[n_entries] = share * scale
            n_entries += 1
            scale *= 1.0 - share
            left *= (1.0 - share) * (1.0 - share)
        rows[n_entries] = node[degree - 1]
        entries[n_entries] = scale
        n_entries += 1
        # scale**2 / (scale * weight): the pivot that the last neighbour leaves
        inverse_diagonal[i] = scale / weight[degree - 1]
    pointers[n] = n_entries
    return n_entries


@_kernel
def _row(a, i):  # type: ignore[no-untyped-def]
    return a[i, 0], a[i, 1], a[i, 2], a[i, 3], a[i, 4], a[i, 5], a[i, 6], a[i, 7]


@_kernel
def _put(a, i, v):  # type: ignore[no-untyped-def]
    a[i, 0], a[i, 1], a[i, 2], a[i, 3] = v[0], v[1], v[2], v[3]
    a[i, 4], a[i, 5], a[i, 6], a[i, 7] = v[4], v[5], v[6], v[7]


@_kernel
def _scaled(f, v):  # type: ignore[no-untyped-def]
    return f * v[0], f * v[1], f * v[2], f * v[3], f * v[4], f * v[5], f * v[6], f * v[7]


@_kernel
def _sum(u, v):  # type: ignore[no-untyped-def]
    return (
        u[0] + v[0],
        u[1] + v[1],
        u[2] + v[2],
        u[3] + v[3],
        u[4] + v[4],
        u[5] + v[5],
        u[6] + v[6],
        u[7] + v[7],
    )


@_kernel
def _product(u, v):  # type: ignore[no-untyped-def]
    return (
        u[0] * v[0],
        u[1] * v[1],
        u[2] * v[2],
        u[3] * v[3],
        u[4] * v[4],
        u[5] * v[5],
        u[6] * v[6],
        u[7] * v[7],
    )


@_kernel
def apply_factor(pointers, rows, entries, inverse_diagonal, residual, out, products):  # type: ignore[no-untyped-def]
    """Solve with the factor, in single precision: a preconditioner needs no more.

    `out` (n + 1, 8) float32 takes the result, with zeros in its last row; `products`
    (8,) its products with `residual` (n, 8) float64. Returns the largest |result|.
    """
    n = len(inverse_diagonal)
    for i in range(n):
        for c in range(WIDTH):
            out[i, c] = residual[i, c]
    for i in range(n):
        here = _row(out, i)
        for e in range(pointers[i], pointers[i + 1]):
            j = rows[e]
            _put(out, j, _sum(_row(out, j), _scaled(entries[e], here)))
        _put(out, i, _scaled(inverse_diagonal[i], here))
    for c in range(WIDTH):
        out[n, c] = 0.0
        products[c] = 0.0
    largest = np.float32(0.0)
    for i in range(n - 1, -1, -1):
        here = _row(out, i)
        for e in range(pointers[i], pointers[i + 1]):
            here = _sum(here, _scaled(entries[e], _row(out, rows[e])))
        _put(out, i, here)
        for c in range(WIDTH):
            products[c] += residual[i, c] * out[i, c]
            largest = max(largest, abs(out[i, c]))
    return largest


@_kernel
def advance(  # type: ignore[no-untyped-def]
    indptr, indices, weights, ground, z, growth, products, direction, image, step, x, residual
):
    """Take one conjugate-gradient step in place, given z and its `products`.

    `step` is (1, 8) scratch.

    The matrix acts through differences of neighbours, w (p_i - p_j): a small leak out
    of a nearly closed pocket then keeps its digits beside the pocket's large weights.
    """
    n = len(ground)
    for i in range(n):
        for c in range(WIDTH):
            direction[i, c] = z[i, c] + growth[c] * direction[i, c]
    energy = _scaled(0.0, _row(direction, 0))
    for i in range(n):
        here = _row(direction, i)
        total = _scaled(ground[i], here)
        minus = _scaled(-1.0, here)
        for e in range(indptr[i], indptr[i + 1]):
            apart = _sum(_row(direction, indices[e]), minus)
            total = _sum(total, _scaled(-weights[e], apart))
        _put(image, i, total)
        energy = _sum(energy, _product(total, here))
    _put(step, 0, energy)
    for c in range(WIDTH):
        step[0, c] = products[c] / step[0, c] if step[0, c] > 0.0 else 0.0
    for i in range(n):
        for c in range(WIDTH):
            x[i, c] += step[0, c] * direction[i, c]
            residual[i, c] -= step[0, c] * image[i, c]
