"""What a press tells of where it came from, as far as two bidders with one hand would leave the same (R10, C10)."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

_IPV4, _IPV6 = 24, 48
# What programs write where nobody told them a name: shared by strangers.
_NOBODY = frozenset(
    {
        *("admin", "administrator", "author", "guest", "owner", "pc", "root", "unknown", "user", "users", "windows"),
        *("microsoft", "microsoftoffice", "microsoftofficeuser", "office", "python-docx", "wps"),
        *("acer", "asus", "dell", "hp", "lenovo", "thinkpad"),
        *("作者", "微软中国", "微软用户", "未知", "用户", "windows用户", "番茄花园", "雨林木风", "深度技术"),
    }
)


@dataclass(frozen=True)
class Origin:
    """The network a press came from and the browser that sent it; "" where nothing is to be told from them."""

    network: str = ""
    device: str = ""


UNKNOWN = Origin()


def network_of(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of another; "" for one that is none, or that is not of the public internet.

    Behind a proxy that hides its visitors all of them share a private address, which says nothing.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global:
        return ""
    length = _IPV4 if found.version == 4 else _IPV6
    return str(ipaddress.ip_network(f"{found}/{length}", strict=False))


def author_of(name: str) -> str:
    """A file's author in one spelling; "" for what programs write by themselves."""
    spelt = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()
    return "" if spelt in _NOBODY or len(spelt) < 2 else spelt
