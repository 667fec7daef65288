"""The loss and its gradient by mpmath, for the tests of what a format makes of them."""

import mpmath

mpmath.mp.dps = 80


def true(quantity, a, y):
    a, y = mpmath.mpf(a), mpmath.mpf(y)
    if quantity == "loss":
        return (1 - y) * max(a, 0) + y * max(-a, 0) + mpmath.log1p(mpmath.exp(-abs(a)))
    return (1 - y) / (1 + mpmath.exp(-a)) - y / (1 + mpmath.exp(a))
