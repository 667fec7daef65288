"""Work and depth of each way to compute the states, by formula (Σ and longest chain of `graphs`).

One more depth than the loop has the projection of the inputs, which comes before it.
"""

from rnn_core.dependency.sizes import Cost, Sizes


def loop(sizes: Sizes) -> Cost:
    """Work B·T·H·(D + H + 1), depth T."""
    return Cost(sizes.steps * (sizes.project + sizes.state), sizes.steps)


def hoisted(sizes: Sizes) -> Cost:
    """Work B·T·H·(D + H + 1), depth T + 1: less of the same work waits."""
    return Cost(sizes.steps * (sizes.project + sizes.state), sizes.steps + 1)


def doubling(sizes: Sizes) -> Cost:
    """With ℓ = ⌈log₂ T⌉: work B·T·H·D + (ℓ − 1)·H³ + (1 + Tℓ − 2^ℓ + 1)·B·H².

    Depth ⌊log₂ T⌋ + 2: the inputs, the levels, and A h_0, which only the chain through every level
    waits for; that one ends at step 2^ℓ.
    """
    squares = max(0, sizes.levels - 1) * sizes.power
    products = (1 + _pairs(sizes)) * sizes.product
    return Cost(sizes.steps * sizes.project + squares + products, sizes.steps.bit_length() + 1)


def toeplitz(sizes: Sizes) -> Cost:
    """Work B·T·H·D + (T − 2)·H³ + (1 + T(T − 1)/2)·B·H², depth max(2, ⌈log₂(T − 1)⌉) + 1."""
    steps = sizes.steps
    if steps == 1:
        return Cost(sizes.project + sizes.product, 2)
    blocks = 1 + steps * (steps - 1) // 2
    work = steps * sizes.project + (steps - 2) * sizes.power + blocks * sizes.product
    return Cost(work, max(2, (steps - 2).bit_length()) + 1)


def fixed_point(sizes: Sizes) -> Cost:
    """With I iterations: work B·T·H·D + I·B·T·H·(H + 1), depth min(I, T) + 1."""
    work = sizes.steps * (sizes.project + sizes.iterations * sizes.state)
    return Cost(work, min(sizes.iterations, sizes.steps) + 1)


def chunked_jacobi(sizes: Sizes) -> Cost:
    """With I sweeps over chunks of C steps: work B·T·H·D + I·B·T·H·(H + 1), depth min(I·C, T) + 1.

    That is the most: a sweep that repeats the last one is left where it does.
    """
    work = sizes.steps * (sizes.project + sizes.sweeps * sizes.state)
    return Cost(work, min(sizes.sweeps * sizes.chunk, sizes.steps) + 1)


def newton(sizes: Sizes) -> Cost:
    """With I iterations and ℓ = ⌈log₂ T⌉: depth 1 + I·(1 + ℓ).

    Work B·T·H·D + I·B·(T·(2H² + 2H) + (Tℓ − 2^ℓ + 1)·(H³ + H²)).
    """
    return _newton(sizes, diagonal=False)


def quasi_newton(sizes: Sizes) -> Cost:
    """Depth as `newton`; work B·T·H·D + I·B·(T·(H² + 3H) + (Tℓ − 2^ℓ + 1)·2H)."""
    return _newton(sizes, diagonal=True)


def elk(sizes: Sizes) -> Cost:
    """With I iterations: depth 1 + 3I·(⌊log₂ T⌋ + 1), by cyclic reduction of the blocks.

    Work B·T·H·D + I·B·(T·(2H² + 2H) + (T − 1)·(H³ + H²) + T·((H³ − H)/3 + (2H + 1)·H²)
    + N·(2H³ + 2H²)), where N = 2T − s(T) − ⌊log₂ T⌋ − 1 neighbours are put in, s(T) being the ones
    of T in binary: every block is eliminated once.
    """
    return _elk(sizes, diagonal=False)


def quasi_elk(sizes: Sizes) -> Cost:
    """Depth as `elk`; work B·T·H·D + I·B·(T·(H² + 3H) + (T − 1)·2H + T·3H + N·4H)."""
    return _elk(sizes, diagonal=True)


def _elk(sizes: Sizes, *, diagonal: bool) -> Cost:
    steps, halvings = sizes.steps, sizes.steps.bit_length() - 1
    neighbours = 2 * steps - steps.bit_count() - halvings - 1
    once = (
        steps * (sizes.linearise(diagonal=diagonal) + sizes.eliminate(diagonal=diagonal))
        + (steps - 1) * sizes.normal(diagonal=diagonal)
        + neighbours * (sizes.insert(diagonal=diagonal) + sizes.substitute(diagonal=diagonal))
    )
    depth = 1 + 3 * sizes.iterations * (halvings + 1)
    return Cost(steps * sizes.project + sizes.iterations * once, depth)


def _newton(sizes: Sizes, *, diagonal: bool) -> Cost:
    solve = _pairs(sizes) * sizes.combine(diagonal=diagonal)
    once = sizes.steps * sizes.linearise(diagonal=diagonal) + solve
    work = sizes.steps * sizes.project + sizes.iterations * once
    return Cost(work, 1 + sizes.iterations * (1 + sizes.levels))


def _pairs(sizes: Sizes) -> int:
    """Tℓ − 2^ℓ + 1: combinations in the tree of Hillis and Steele, T − 2^k at level k."""
    return sizes.steps * sizes.levels - ((1 << sizes.levels) - 1)
