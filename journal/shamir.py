"""Shamir's sharing over GF(256): any `threshold` shares give the secret back, fewer tell nothing. Imports nothing of Django.

Each byte of the secret is the constant of a polynomial of its own; share x holds the values at x = 1, 2, …
The field is that of AES (x⁸ + x⁴ + x³ + x + 1), its logarithms taken to the base 3.
"""

from collections.abc import Callable, Mapping
from functools import reduce

MOST_SHARES = 255
_POLYNOMIAL = 0x11B


class SharesUnfit(ValueError):
    """There are too few shares, or they are not of one secret by their form."""


def split(secret: bytes, *, shares: int, threshold: int, random: Callable[[int], bytes]) -> dict[int, bytes]:
    """The shares of a secret by their number, from 1; `random(n)` gives n bytes that nobody else can foresee."""
    if not 1 <= threshold <= shares <= MOST_SHARES:
        raise SharesUnfit(f"{threshold} of {shares} is no way of sharing")
    rows = [secret, *(random(len(secret)) for _ in range(threshold - 1))]
    return {x: bytes(_value_at(x, column) for column in zip(*rows, strict=True)) for x in range(1, shares + 1)}


def join(shares: Mapping[int, bytes], threshold: int) -> bytes:
    """The secret of at least `threshold` shares; with a false one among those taken, a false secret: check what it gives."""
    if threshold < 1 or len(shares) < threshold:
        raise SharesUnfit(f"{len(shares)} shares are too few, {threshold} are needed")
    if len({len(share) for share in shares.values()}) != 1 or not all(1 <= x <= MOST_SHARES for x in shares):
        raise SharesUnfit("the shares are not of one secret")
    taken = dict(sorted(shares.items())[:threshold])
    weights = {x: _weight(x, [other for other in taken if other != x]) for x in taken}
    columns = zip(*(bytes(times(weights[x], byte) for byte in share) for x, share in taken.items()), strict=True)
    return bytes(reduce(int.__xor__, column) for column in columns)


def times(a: int, b: int) -> int:
    """The product of two elements of the field."""
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def over(a: int, b: int) -> int:
    """The quotient of two elements of the field; b is not 0."""
    if b == 0:
        raise ZeroDivisionError
    return _EXP[_LOG[a] - _LOG[b] + 255] if a else 0


def _value_at(x: int, coefficients: tuple[int, ...]) -> int:
    return reduce(lambda value, coefficient: times(value, x) ^ coefficient, reversed(coefficients), 0)


def _weight(x: int, others: list[int]) -> int:
    """Lagrange's factor of share x at 0, where the secret is; taking away is adding in this field."""
    return reduce(lambda weight, other: times(weight, over(other, other ^ x)), others, 1)


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        doubled = value << 1
        value ^= doubled ^ (_POLYNOMIAL if doubled & 0x100 else 0)
    return powers, logs


_EXP, _LOG = _tables()
