"""A QR code of an address, as SVG: for paper, and for screens that are photographed."""

from base64 import b64encode

import qrcode
from qrcode.image.svg import SvgPathImage


def svg(address: str) -> str:
    """The code as an SVG document."""
    return str(qrcode.make(address, image_factory=SvgPathImage, border=2).to_string(encoding="unicode"))


def data_uri(address: str) -> str:
    """The same for an `<img>`."""
    return "data:image/svg+xml;base64," + b64encode(svg(address).encode()).decode()
