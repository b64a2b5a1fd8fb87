"""What the API itself says no to, beside what rules refuse. `status` is the HTTP status that goes with it."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class ApiRefused(Refused):
    """Something about the call, not about what it asks for."""

    basis = ("P12.1",)
    status = 400


class InvalidFields(ApiRefused):
    """Fields are missing or wrong; `errors` says which and why."""

    code = "E_INVALID"
    message = _("有字段未填写或填写有误")
    fix = _("按 errors 中各字段的说明更正后重试")


class Unreadable(ApiRefused):
    """The body is not what its content type says."""

    code = "E_UNREADABLE"
    message = _("请求内容无法读取")
    fix = _("以 UTF-8 发送 JSON 对象；有文件时用 multipart/form-data")


class NotSignedIn(ApiRefused):
    """The door is for somebody, and nobody has signed in; or the token does not count."""

    code = "E_NOT_SIGNED_IN"
    status = 401
    message = _("请先登录，或出示有效的接口令牌")
    fix = _("令牌在工作台“接口”页生成，放在 Authorization: Bearer 请求头中")


class NotAllowed(ApiRefused):
    """The session's CSRF token is missing or wrong."""

    code = "E_NOT_ALLOWED"
    status = 403
    message = _("请求被拒绝")
    fix = _("使用会话登录时，写操作须带 X-CSRFToken 请求头；程序请使用接口令牌")


class ReadOnlyToken(ApiRefused):
    """The token may only read."""

    code = "E_READ_ONLY_TOKEN"
    status = 403
    message = _("该令牌只能读取")
    fix = _("在工作台“接口”页生成读写令牌")


class SecondFactorMissing(ApiRefused):
    """Regulators act with a second factor only (R8)."""

    code = "E_SECOND_FACTOR"
    basis = ("R8",)
    status = 403
    message = _("办理监管事项须先启用两步验证")
    fix = _("登录平台，在账户安全页启用两步验证")


class NotThere(ApiRefused):
    """Absent and not yours look the same."""

    code = "E_NOT_FOUND"
    status = 404
    message = _("没有找到，或不属于您的单位")


class WrongMethod(ApiRefused):
    """The address knows other methods."""

    code = "E_METHOD"
    status = 405
    message = _("该地址不支持这种请求方法")


class WrongAccept(ApiRefused):
    """The answer is JSON."""

    code = "E_ACCEPT"
    status = 406
    message = _("接口只提供 application/json")


class ChangedMeanwhile(ApiRefused):
    """What `If-Match` names is no longer what there is."""

    code = "E_CHANGED_MEANWHILE"
    status = 412
    message = _("内容已被他人修改")
    fix = _("重新读取后，在新的内容上修改")


class WrongType(ApiRefused):
    """The body comes in a type that is not read."""

    code = "E_CONTENT_TYPE"
    status = 415
    message = _("不支持的内容类型")
    fix = _("使用 application/json；有文件时用 multipart/form-data")


class KeyReused(ApiRefused):
    """The same `Idempotency-Key` came with another request before."""

    code = "E_KEY_REUSED"
    status = 422
    message = _("该 Idempotency-Key 已用于另一个请求")
    fix = _("每个新请求使用新的键")


class KeyMalformed(ApiRefused):
    """1 to 200 visible ASCII characters."""

    code = "E_KEY_MALFORMED"
    message = _("Idempotency-Key 须为 1 至 200 个可见 ASCII 字符")


class StillAtWork(ApiRefused):
    """The same request with the same key has not been answered yet."""

    code = "E_STILL_AT_WORK"
    status = 409
    message = _("同一请求仍在处理")
    fix = _("稍后用同一个键重试")


class OutcomeUnknown(ApiRefused):
    """The same request was interrupted before its answer was kept. It is not done a second time."""

    code = "E_OUTCOME_UNKNOWN"
    status = 409
    message = _("同一请求曾被中断，结果未知，没有重复执行")
    fix = _("先读取对象的现状；仍需办理时换一个新的键")


class TooMany(ApiRefused):
    """More calls than the limit lets through."""

    code = "E_TOO_MANY"
    status = 429
    message = _("请求过于频繁，%(seconds)s 秒后再试")
