"""Sealed prices judged from plain values (R6): what may happen to them when, and what a browser may send."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.clock import BEIJING
from core.errors import Refused
from journal.envelopes import SECRET_BYTES, Envelope
from journal.offers import CIPHERTEXT_BYTES, SealedPrice

# A share is as long as the key; encrypted, it has the 16 bytes of the tag besides.
_SEALED_SHARE = SECRET_BYTES + 16


class TakesNoOffers(Refused):
    """The request takes no sealed prices: its way of selection has none, or nobody could open them."""

    code = "E_NO_SEALED_PRICES"
    basis = ("R3", "R6")
    message = _("该需求不接受密封报价")


class OffersClosed(Refused):
    """By the database's clock the deadline has passed: no price is sealed, replaced or withdrawn any more."""

    code = "E_OFFERS_CLOSED"
    basis = ("R3", "R6")
    message = _("密封报价已于 %(closed_at)s 截止，不能再提交、替换或撤回")


class OfferMalformed(Refused):
    """A sealed price is a commitment, a cipher text of one length, and an envelope for exactly these trustees."""

    code = "E_OFFER_MALFORMED"
    basis = ("R6",)
    message = _("提交的密封报价格式不正确")
    fix = _("请在启用 JavaScript 的新版浏览器中重新填写并密封")


class NoOffer(Refused):
    """There is no sealed price of this agency in force."""

    code = "E_NO_OFFER"
    basis = ("R6",)
    message = _("贵机构在该需求中没有有效的密封报价")


class OffersStillShut(Refused):
    """Nothing of a price is opened before the deadline, by nobody."""

    code = "E_OFFERS_SHUT"
    basis = ("R6", "I5")
    message = _("密封报价尚未截止，任何人不能开启")
    fix = _("报价截止后再开启")


class OffersWait(Refused):
    """What has to be done before the prices are opened is not done, such as the experts' marks; or the selection has ended."""

    code = "E_OFFERS_WAIT"
    basis = ("R3", "R6")
    message = _("报价尚未到开启的时候：须先完成抽取或专家评审，或选取已经结束")
    fix = _("在需求页面查看进展")


class OffersOpened(Refused):
    """The prices have been opened; nothing is added to that."""

    code = "E_OFFERS_OPENED"
    basis = ("R6",)
    message = _("密封报价已全部开启")


class KeyGiven(Refused):
    """A bidder gives its key once; it is one of two ways to the same price."""

    code = "E_OFFER_KEY_GIVEN"
    basis = ("R6",)
    message = _("贵机构已提交开启密钥，无需重复提交")


class KeyUnfit(Refused):
    """The key is the one that the offer in force was sealed with."""

    code = "E_OFFER_KEY"
    basis = ("R6",)
    message = _("该密钥不能打开贵机构最后一次密封的报价")
    fix = _("请使用最后一次密封时保存的密钥文件；没有也不要紧，保管人会共同开启")


class NotATrusteeHere(Refused):
    """Only the trustees arranged at publication give shares, each its own."""

    code = "E_NOT_A_TRUSTEE_OF_OFFERS"
    basis = ("R6",)
    message = _("您不是该需求密封报价的保管人")


@dataclass(frozen=True)
class Course:
    """Where a request's sealed prices are: arranged or not, the deadline, and what has been done since.

    `waits`: closed, but not to be opened before something else is done.
    """

    arranged: bool
    taking: bool
    deadline: datetime | None
    closed: bool = False
    opened: bool = False
    waits: bool = False


def judge_sealing(course: Course, now: datetime) -> None:
    """Raise Refused unless a price may be sealed, replaced or withdrawn at `now`."""
    if not course.arranged or course.deadline is None:
        raise TakesNoOffers()
    if course.closed or not course.taking or now >= course.deadline:
        raise OffersClosed(closed_at=f"{course.deadline.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}")


def judge_opening(course: Course) -> None:
    """Raise Refused unless keys and shares may be given: after the close, before the opening."""
    if not course.arranged:
        raise TakesNoOffers()
    if not course.closed:
        raise OffersStillShut()
    if course.opened:
        raise OffersOpened()
    if course.waits:
        raise OffersWait()


def read_offer(text: str, trustees: int) -> SealedPrice:
    """What a bidder's browser sends: `{"commitment","ciphertext","envelope": {"ephemeral","shares"}}`, in hex.

    Raises OfferMalformed for anything else. Whether it is honest shows when it is opened.
    """
    try:
        sent = json.loads(text)
        if set(sent) != {"commitment", "ciphertext", "envelope"}:
            raise OfferMalformed()
        committed, ciphertext = _bytes(sent["commitment"], SECRET_BYTES), _bytes(sent["ciphertext"], CIPHERTEXT_BYTES)
        offer = as_sealed(committed, ciphertext, sent["envelope"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise OfferMalformed() from error
    if len(offer.envelope.sealed) != trustees:
        raise OfferMalformed()
    return offer


def read_key(text: str) -> bytes:
    """A bidder's key in hex; raises KeyUnfit."""
    try:
        return _bytes(text.strip(), SECRET_BYTES)
    except (ValueError, TypeError) as error:
        raise KeyUnfit() from error


def as_sealed(commitment: bytes, ciphertext: bytes, envelope: Mapping[str, Any]) -> SealedPrice:
    """The stored form as the offers' own code takes it."""
    shares = tuple(_bytes(share, _SEALED_SHARE) for share in envelope["shares"])
    return SealedPrice(commitment, ciphertext, Envelope(_bytes(envelope["ephemeral"], SECRET_BYTES), shares))


def _bytes(text: object, length: int) -> bytes:
    if not isinstance(text, str):
        raise TypeError(text)
    read = bytes.fromhex(text)
    if len(read) != length or read.hex() != text:
        raise ValueError(text)
    return read
