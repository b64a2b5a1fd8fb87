"""Who may be registered, judged from plain values: the code that names an organisation, and the commitment."""

from django.utils.translation import gettext_lazy as _

from stdnum.cn import uscc as standard

from core.errors import Refused

_LENGTH = 18
_ILLEGAL = "IOZSV"
_DIGITS_ONLY = 8


class UsccInvalid(Refused):
    """The text is no 统一社会信用代码 (GB 32100)."""

    code = "E_USCC"
    basis = ("P19.1", "R2")
    field = "uscc"
    message = _("统一社会信用代码有误")
    fix = _("请对照营业执照或法人证书重新填写")


class UsccLength(UsccInvalid):
    """It does not have 18 places."""

    code = "E_USCC_LENGTH"
    message = _("统一社会信用代码应为 18 位，现为 %(length)s 位")


class UsccLetters(UsccInvalid):
    """It holds characters that the standard leaves out because they look like digits, or none of its alphabet."""

    code = "E_USCC_LETTERS"
    message = _("统一社会信用代码不含 %(letters)s（标准不使用字母 I、O、Z、S、V）")
    fix = _("请检查是否把数字 1、0、2、5 看成了字母")


class UsccRegion(UsccInvalid):
    """The first eight places, registering authority and region, are not all digits."""

    code = "E_USCC_REGION"
    message = _("统一社会信用代码前 8 位应为数字，现为 %(given)s")


class UsccCheckDigit(UsccInvalid):
    """The last place does not fit the others."""

    code = "E_USCC_CHECK_DIGIT"
    message = _("统一社会信用代码的校验位应为 %(expected)s，现为 %(given)s，说明其中至少有一位填错")


class CommitmentUnsigned(Refused):
    """Entry rests on the signed credit commitment (P22.1)."""

    code = "E_COMMITMENT_UNSIGNED"
    basis = ("P22.1", "R2")
    field = "commitment"
    message = _("尚未签署信用承诺")
    fix = _("阅读承诺书并勾选同意")


class IdentityNotShown(Refused):
    """Somebody else already stands under this identity, and the applicant has not shown to be that somebody."""

    code = "E_IDENTITY"
    basis: tuple[str, ...] = ("P19.1", "R2")


class UsccRegistered(IdentityNotShown):
    """Registering again sheds no history (P22.4): the code leads to the registration that exists."""

    code = "E_USCC_REGISTERED"
    basis = ("P19.1", "P22.4", "R2")
    field = "uscc"
    message = _("统一社会信用代码 %(uscc)s 已注册")
    fix = _("请用原账户登录；如果不知道账户，请本单位管理员在“成员”页面邀请您")


class EmailRegistered(IdentityNotShown):
    """The e-mail address already has an account."""

    code = "E_EMAIL_REGISTERED"
    field = "email"
    message = _("该电子邮箱已有账户")
    fix = _("请登录，或在登录页找回密码；也可以换一个邮箱")


def judge_commitment(*, signed: bool) -> None:
    """Raise CommitmentUnsigned unless it is signed."""
    if not signed:
        raise CommitmentUnsigned


def read_uscc(text: str) -> str:
    """The code in its normal form (upper case, no blanks or hyphens); raises UsccInvalid with the exact reason."""
    code = standard.compact(text)
    if len(code) != _LENGTH:
        raise UsccLength(length=len(code))
    wrong = sorted({c for c in code if c in _ILLEGAL or not (c.isascii() and c.isalnum())})
    if wrong:
        raise UsccLetters(letters="、".join(wrong))
    if not code[:_DIGITS_ONLY].isdigit():
        raise UsccRegion(given=code[:_DIGITS_ONLY])
    expected = standard.calc_check_digit(code[:-1])
    if code[-1] != expected:
        raise UsccCheckDigit(expected=expected, given=code[-1])
    return code
