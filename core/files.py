"""Uploads: checked by content, limited in size, stored once by hash."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.models import StoredFile

LIMIT = 20 * 1024 * 1024
_SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


Shows = Callable[[StoredFile], bool]
_shown_by: list[Shows] = []


class FileTooLarge(Refused):
    """The upload is larger than the limit."""

    code = "E_FILE_TOO_LARGE"
    field = "file"
    message = _("文件大小 %(size_mb)s MB，超过上限 %(limit_mb)s MB")
    fix = _("压缩或拆分后重新上传")


class FileNotReadable(Refused):
    """The content is none of the accepted kinds, whatever the name says."""

    code = "E_FILE_TYPE"
    field = "file"
    message = _("无法识别该文件的内容，只接受 PDF、PNG、JPEG、DOCX、XLSX")
    fix = _("另存为 PDF 后重新上传")


def store(upload: "UploadedFile[Any]") -> StoredFile:
    """Keep the bytes of `upload` and return their row; raises FileTooLarge or FileNotReadable."""
    return keep(read(upload))


def read(upload: "UploadedFile[Any]") -> bytes:
    """The bytes of `upload`; raises FileTooLarge."""
    size = upload.size or 0
    if size > LIMIT:
        raise FileTooLarge(size_mb=f"{size / 1048576:.1f}", limit_mb=LIMIT // 1048576)
    content: bytes = upload.read()
    return content


def keep(content: bytes) -> StoredFile:
    """Keep `content` under its hash; the same bytes are stored once."""
    media_type = recognise(content)
    digest = hashlib.sha256(content).hexdigest()
    row, _created = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"size": len(content), "media_type": media_type}
    )
    if not row.path.exists():
        row.path.parent.mkdir(parents=True, exist_ok=True)
        partial = row.path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(row.path)
    return row


def recognise(content: bytes) -> str:
    """The media type by content; raises FileNotReadable for anything not accepted."""
    for signature, media_type in _SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        try:
            names = zipfile.ZipFile(BytesIO(content)).namelist()
        except zipfile.BadZipFile as error:
            raise FileNotReadable from error
        for folder, media_type in _OFFICE.items():
            if any(name.startswith(folder) for name in names) and "word/vbaProject.bin" not in names:
                return media_type
    raise FileNotReadable


def shown_by(shows: Shows) -> None:
    """Let a package say which files its public pages show; called once, when the package is ready."""
    _shown_by.append(shows)


def in_public(sha256: str) -> StoredFile | None:
    """The file of that hash if some public page shows it."""
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None or not any(shows(stored) for shows in _shown_by):
        return None
    return stored
