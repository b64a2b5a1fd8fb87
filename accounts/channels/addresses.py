"""Which addresses the platform will call: those of chat platforms that the operator allows. Pure."""

from collections.abc import Collection
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from core.errors import Refused

_LONGEST = 500


class BotAddressUnfit(Refused):
    """The text is no address of a group's bot."""

    code = "E_BOT_ADDRESS"
    field = "address"
    message = _("机器人地址应以 https:// 开头，不含端口、用户名和空格")
    fix = _("在群设置中复制机器人的 Webhook 地址，原样粘贴")


class BotHostUnknown(BotAddressUnfit):
    """The platform calls only hosts that its operator allows."""

    code = "E_BOT_HOST"
    message = _("不能向 %(host)s 发送消息，只允许：%(hosts)s")


def judge_address(address: str, hosts: Collection[str], sink: str = "") -> None:
    """Raise BotAddressUnfit or BotHostUnknown unless the platform may call this address.

    `sink` is where a demo's own hooks begin; in a demo nothing else is called.
    """
    if sink:
        if not address.startswith(sink) or len(address) > _LONGEST:
            raise BotHostUnknown(host=_host(address), hosts=sink)
        return
    try:
        parts = urlsplit(address)
        plain = parts.port is None and parts.username is None and not parts.fragment
    except ValueError:
        raise BotAddressUnfit() from None
    clean = address.isascii() and address.isprintable() and " " not in address and len(address) <= _LONGEST
    if parts.scheme != "https" or not parts.hostname or not plain or not clean or "@" in parts.netloc:
        raise BotAddressUnfit()
    if parts.hostname not in hosts:
        raise BotHostUnknown(host=parts.hostname, hosts="、".join(sorted(hosts)))


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc[:100] or "?"
    except ValueError:
        return "?"
