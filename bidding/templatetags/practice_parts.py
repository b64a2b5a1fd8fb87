"""The practice room's short tour."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def practice_tour() -> list[dict[str, str]]:
    """Stops of the tour: what to look at (a CSS selector), a title, and what to know."""
    return [
        {
            "at": ".stage-figures",
            "title": _("价格与时钟"),
            "text": _("左边是当前最低价，右边是服务器的倒计时。您电脑的时钟快慢不影响结果。"),
        },
        {
            "at": ".bidbar-amount",
            "title": _("出价"),
            "text": _("每次至少低一个步长。方向键调整，Ctrl + Enter 出价；一次降得太多会请您再确认。"),
        },
        {
            "at": "[data-room=you]",
            "title": _("您是谁"),
            "text": _("所有人只看到代号，截止后才公开身份。这里显示您的名次和是否领先。"),
        },
        {
            "at": "[data-testid=conn]",
            "title": _("连接"),
            "text": _("断线会自动重连并补齐；没有收到回执的报价会用同一编号重发，不会重复。"),
        },
        {
            "at": "[aria-labelledby=log-title]",
            "title": _("报价记录"),
            "text": _("每一口都有序号、毫秒时间和哈希。最后时刻有新报价会延时，人人都有机会回应。"),
        },
    ]
