"""Why a file of tenders is not taken."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class ImportTooLarge(Refused):
    """The file is larger than the limit."""

    code = "E_IMPORT_SIZE"
    field = "file"
    basis = ("P12.1",)
    message = _("文件大小 %(size_kb)s KB，超过上限 %(limit_kb)s KB")
    fix = _("拆分后分次导入")


class ImportUnreadable(Refused):
    """The file is neither JSON nor JSON Lines."""

    code = "E_IMPORT_JSON"
    field = "file"
    basis = ("P12.1",)
    message = _("第 %(line)s 行不是有效的 JSON")
    fix = _("请上传 UTF-8 编码的 .json 或 .jsonl 文件；压缩文件请先解压")


class NotOcds(Refused):
    """It is JSON, and there is no tender of OCDS in it."""

    code = "E_IMPORT_OCDS"
    field = "file"
    basis = ("P12.1",)
    message = _("文件中没有 OCDS 采购（tender）")
    fix = _("请上传 OCDS 1.1 的 release package、record package，或每行一条 release、record 的 .jsonl 文件")


class ImportTooMany(Refused):
    """More tenders than anybody looks through at once."""

    code = "E_IMPORT_COUNT"
    field = "file"
    basis = ("P12.1",)
    message = _("文件中有 %(count)s 项采购，一次最多导入 %(limit)s 项")
    fix = _("拆分后分次导入")


class ImportExpired(Refused):
    """What was shown is no longer what would be taken: the page is too old, or was changed on the way."""

    code = "E_IMPORT_EXPIRED"
    field = "file"
    basis = ("P12.1",)
    message = _("核对页已失效，未保存任何内容")
    fix = _("请重新上传文件")


class NothingChosen(Refused):
    """No tender was ticked."""

    code = "E_IMPORT_NONE"
    basis = ("P12.1",)
    message = _("没有选中任何采购")
    fix = _("勾选要导入的采购；缺少必填内容的须先补全")
