"""What happened between publication and selection, in the reader's words: the details of its entries."""

from typing import Any

from django.utils.translation import gettext as _

from core.clock import BEIJING, from_rfc3339


def detail(kind: str, data: dict[str, Any]) -> str:
    """What an entry says beyond its name; empty for kinds of another time of a request's life."""
    match kind:
        case "request.changed":
            return _("%(count)s 项，截止 %(until)s；%(reason)s") % {
                "count": len(data["changes"]),
                "until": _minute(data["enrol_until"]),
                "reason": data["reason"],
            }
        case "request.extended":
            because = {
                "too_few_entrants": _("报名不足，延长一次"),
                "unanswered_question": _("有问题未答复"),
                "answered": _("留出阅读答复的时间"),
            }
            why = because.get(data["because"], str(data["because"]))
            return f"{why} → {_minute(data['enrol_until'])}"
        case "request.noted":
            texts = {
                "two_entrants_after_extension": _("延长报名后仍只有两家，按规则继续选取"),
                "question_unanswered": _("采购人未答复问题，选取终止"),
            }
            return texts.get(data["text"], str(data["text"]))
        case "question.asked" | "question.answered":
            return _("第 %(n)s 问：%(text)s") % {"n": data["question"], "text": data["text"]}
        case "request.reoffered":
            return str(data["successor"])
        case _:
            return ""


def _minute(text: str) -> str:
    return f"{from_rfc3339(text).astimezone(BEIJING):%Y-%m-%d %H:%M}"
