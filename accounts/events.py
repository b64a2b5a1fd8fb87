"""What people are told of (UX §2.20): every event, whom it is for, where it goes unless they choose otherwise, and how soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind


class Channel(StrEnum):
    """Where a notice goes besides the inbox, which keeps all of them."""

    BELL = "bell"
    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


BOTS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)

CHANNEL_NAMES: dict[Channel, Promise] = {
    Channel.BELL: _("页面提醒"),
    Channel.MAIL: _("邮件"),
    Channel.WECOM: _("企业微信"),
    Channel.DINGTALK: _("钉钉"),
    Channel.FEISHU: _("飞书"),
}


class Pace(StrEnum):
    """How soon it goes out, and with what it is gathered."""

    NOW = "now"
    SOON = "soon"
    MORNING = "morning"
    DAILY = "daily"
    OFFICE = "office"
    WEEKLY = "weekly"


PACE_NAMES: dict[Pace, Promise] = {
    Pace.NOW: _("立即，免打扰时段也发"),
    Pace.SOON: _("立即"),
    Pace.MORNING: _("每天 08:30 汇总；截止不足 24 小时的立即发"),
    Pace.DAILY: _("汇总，每天最多一次"),
    Pace.OFFICE: _("每天 09:00 和 14:00 汇总"),
    Pace.WEEKLY: _("每周一 08:30 汇总"),
}

_BUYERS = (Kind.ENTERPRISE, Kind.DEPARTMENT)
_PARTIES = (*_BUYERS, Kind.AGENCY)
_AGENCY = (Kind.AGENCY,)
_OFFICER = (Kind.REGULATOR,)
_ALL = tuple(Kind)


@dataclass(frozen=True)
class Event:
    """One row of the matrix. `who` are the kinds of organisation that it may concern."""

    code: str
    name: Promise
    who: tuple[Kind, ...]
    channels: tuple[Channel, ...]
    pace: Pace


_BELL = (Channel.BELL,)
_MAIL = (Channel.BELL, Channel.MAIL)
_BOT = (Channel.BELL, *BOTS)
_BOTH = (Channel.BELL, Channel.MAIL, *BOTS)

_rows = [
    Event("request.matching", _("符合本机构服务范围的需求发布"), _AGENCY, _BOTH, Pace.MORNING),
    Event("search.matched", _("订阅的搜索条件有新需求"), _ALL, _BOTH, Pace.MORNING),
    Event("auction.starts", _("竞价将在 30 分钟内、5 分钟内开始"), _AGENCY, _BOT, Pace.NOW),
    Event("auction.outbid", _("报价被超过"), _AGENCY, _BOT, Pace.NOW),
    Event("auction.extended", _("竞价延时"), _AGENCY, _BOT, Pace.NOW),
    Event("result.won", _("中选"), _AGENCY, _BOTH, Pace.SOON),
    Event("result.lost", _("未中选（附原因和回放）"), _AGENCY, _BOTH, Pace.SOON),
    Event("award.published", _("中选公告发布、异议期开始"), _ALL, _MAIL, Pace.SOON),
    Event("objection.closed", _("异议期结束"), _ALL, _MAIL, Pace.SOON),
    Event("contract.sign", _("合同待签"), _PARTIES, _MAIL, Pace.DAILY),
    Event("delivery.due", _("成果交付与验收"), _PARTIES, _MAIL, Pace.DAILY),
    Event("payment.due", _("应付款项"), _PARTIES, _MAIL, Pace.DAILY),
    Event("payment.received", _("款项到账"), _PARTIES, _MAIL, Pace.DAILY),
    Event("evaluation.bad", _("收到差评或整改要求"), _AGENCY, _BOTH, Pace.SOON),
    Event("credit.grade", _("信用等级变化"), _AGENCY, _BOTH, Pace.SOON),
    Event("credit.score", _("信用评分变化超过 1 分"), _AGENCY, _BOTH, Pace.WEEKLY),
    Event("credit.act", _("失信行为、名单与案件"), _AGENCY, _BOTH, Pace.SOON),
    Event("qualification.expiring", _("资质将在 60、30、7 天内到期"), _AGENCY, _BOTH, Pace.DAILY),
    Event("flag.raised", _("红旗预警"), _OFFICER, _MAIL, Pace.OFFICE),
    Event("reply.due", _("待答复、待裁定"), (*_BUYERS, *_OFFICER), _MAIL, Pace.OFFICE),
    Event("four_eyes.waiting", _("待第二人审议"), _OFFICER, _MAIL, Pace.OFFICE),
    Event("concern.answered", _("投诉举报有答复"), _ALL, _MAIL, Pace.SOON),
    Event("request.progress", _("需求变更、答疑、抽取与流标"), _ALL, _MAIL, Pace.DAILY),
    Event("contract.progress", _("合同履行进展"), _PARTIES, _MAIL, Pace.DAILY),
    Event("evaluation.due", _("待评价、待回应"), _ALL, _MAIL, Pace.DAILY),
    Event("inspection.news", _("随机抽查"), _ALL, _MAIL, Pace.DAILY),
    Event("account.security", _("账户安全"), _ALL, _MAIL, Pace.SOON),
    Event("general", _("其他消息"), _ALL, _MAIL, Pace.DAILY),
]
EVENTS: dict[str, Event] = {row.code: row for row in _rows}


def event_of(code: str) -> Event:
    """The event of a notice; one of a later release counts as general."""
    return EVENTS.get(code, EVENTS["general"])


def events_for(kind: str) -> Iterable[Event]:
    """What an organisation of this kind may be told of, in the order of the matrix."""
    return [event for event in EVENTS.values() if kind in event.who]
