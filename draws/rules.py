"""Trustees and contributions judged from plain values; the course of a draw is `journal.stages`."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from journal.contributions import Contribution
from journal.envelopes import Envelope

# How many trustees there are, and how many of them open an envelope together: 3 of 5, or 2 of 3 (R6).
TEAMS = {5: 3, 3: 2}
_BYTES = 32
# A share is as long as the secret; its cipher text has the 16 bytes of the tag besides.
_SEALED_SHARE = 48


class TrusteesMissing(Refused):
    """A draw needs three trustees at least, no organisation among them able to open an envelope alone."""

    code = "E_TRUSTEES_MISSING"
    basis = ("R4", "R6")
    message = _("可用的保管人不足：至少需要来自不同单位、已登记公钥的 %(needed)s 名保管人，目前有 %(there)s 名")
    fix = _("请平台运营方指定保管人，并由其本人登记公钥")


class ContributionMalformed(Refused):
    """A contribution is a commitment and an envelope for exactly these trustees."""

    code = "E_CONTRIBUTION_MALFORMED"
    basis = ("R4",)
    message = _("提交的随机数承诺格式不正确")
    fix = _("请在启用 JavaScript 的新版浏览器中重新提交")


class NotATrustee(Refused):
    """Only the trustees whose keys a draw was opened with give shares, each its own."""

    code = "E_NOT_A_TRUSTEE"
    basis = ("R4", "R6")
    message = _("您不是本次抽取的保管人")


class KeyUnfit(Refused):
    """A public key has 32 bytes, and belongs to one trustee."""

    code = "E_TRUSTEE_KEY"
    basis = ("R6",)
    message = _("公钥格式不正确，或已由他人登记")


class KeyedBefore(Refused):
    """A key is registered once: envelopes were made for it."""

    code = "E_TRUSTEE_KEYED"
    basis = ("R6",)
    message = _("您已登记公钥，不能更换")
    fix = _("私钥遗失的，请平台运营方另行指定保管人")


class MayNotContribute(Refused):
    """Whoever has to, and those that may be drawn themselves, contribute; nobody else."""

    code = "E_MAY_NOT_CONTRIBUTE"
    basis = ("R4",)
    message = _("只有必须提交随机数的各方和可能被抽取的机构可以提交")


class Offer(NamedTuple):
    """A contribution as a browser sends it: the commitment to 32 bytes, and the envelope with them."""

    commitment: bytes
    envelope: Envelope


@dataclass(frozen=True)
class Candidate:
    """A trustee with a key: whom they stand for, and the key."""

    organisation: int
    public_key: bytes


def choose_trustees(candidates: Sequence[Candidate], teams: Mapping[int, int] | None = None) -> tuple[list[bytes], int]:
    """The keys of five trustees, or of three, and how many open an envelope; raises TrusteesMissing.

    No organisation has as many keys as open an envelope. Earlier trustees come first. `teams` (size → how many open) are
    tried in their order.
    """
    teams = TEAMS if teams is None else teams
    for size, threshold in teams.items():
        had: Counter[int] = Counter()
        keys: list[bytes] = []
        for one in candidates:
            if had[one.organisation] < threshold - 1 and len(keys) < size:
                had[one.organisation] += 1
                keys.append(one.public_key)
        if len(keys) == size:
            return keys, threshold
    raise TrusteesMissing(needed=min(teams), there=len(candidates))


def read_offers(text: str) -> dict[str, Offer]:
    """What a browser sends for each of the draws: {name: {"commitment", "envelope": {"ephemeral", "shares"}}}, in hex.

    Raises ContributionMalformed for anything else. Whether the envelope is honest shows when it is opened.
    """
    try:
        offers = {str(name): _offer(offer) for name, offer in json.loads(text).items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ContributionMalformed() from error
    if not offers:
        raise ContributionMalformed()
    return offers


def read_nonces(text: str) -> dict[str, bytes]:
    """What a browser kept for each of the draws: {name: hex}. Raises ContributionMalformed."""
    try:
        return {str(name): _bytes(nonce, _BYTES) for name, nonce in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ContributionMalformed() from error


def read_bytes(text: str, length: int = _BYTES) -> bytes:
    """So many bytes from hex; raises ContributionMalformed."""
    try:
        return _bytes(text, length)
    except (ValueError, TypeError) as error:
        raise ContributionMalformed() from error


def read_all_shares(text: str) -> dict[str, dict[str, bytes | None]]:
    """What a trustee's browser sends: {what waits: {identity: hex, or null where nothing could be decrypted}}.

    Raises ContributionMalformed.
    """
    try:
        sent: Mapping[str, Mapping[str, str | None]] = json.loads(text)
        return {
            ref: {name: None if share is None else _bytes(share, _BYTES) for name, share in shares.items()}
            for ref, shares in sent.items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ContributionMalformed() from error


def as_contribution(identity: str, commitment: bytes, envelope: Mapping[str, Any]) -> Contribution:
    """The stored form as the draw's own code takes it."""
    shares = tuple(bytes.fromhex(share) for share in envelope["shares"])
    return Contribution(identity, commitment, Envelope(bytes.fromhex(envelope["ephemeral"]), shares))


def _offer(offer: Mapping[str, Any]) -> Offer:
    envelope = offer["envelope"]
    shares = tuple(_bytes(share, _SEALED_SHARE) for share in envelope["shares"])
    return Offer(_bytes(offer["commitment"], _BYTES), Envelope(_bytes(envelope["ephemeral"], _BYTES), shares))


def _bytes(text: object, length: int) -> bytes:
    if not isinstance(text, str):
        raise TypeError(text)
    read = bytes.fromhex(text)
    if len(read) != length or read.hex() != text:
        raise ValueError(text)
    return read
