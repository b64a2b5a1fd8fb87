from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BiddingConfig(AppConfig):
    name = "bidding"
    verbose_name = "选取"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from accounts.telling import told_of  # noqa: PLC0415
        from bidding.entries import PoolKind  # noqa: PLC0415
        from bidding.experts import hold_up  # noqa: PLC0415
        from bidding.filters import AwardFilter  # noqa: PLC0415
        from bidding.parties import RequestParties  # noqa: PLC0415
        from bidding.queries import awards_newest_first  # noqa: PLC0415
        from bidding.tasks import tasks_of  # noqa: PLC0415
        from bidding.telling import TELLERS  # noqa: PLC0415
        from bidding.trustees import SealedPrices  # noqa: PLC0415
        from draws.parties import known_by  # noqa: PLC0415
        from draws.sources import asked_by  # noqa: PLC0415
        from journal.kinds import name_kinds  # noqa: PLC0415
        from marketplace.readiness import held_up_by  # noqa: PLC0415
        from marketplace.saved import List, savable  # noqa: PLC0415

        told_by(tasks_of)
        savable(List("award_list", _("中选公告"), AwardFilter, awards_newest_first))
        for kinds, teller in TELLERS:
            told_of(kinds, teller)
        asked_by(SealedPrices())
        held_up_by(hold_up)
        name_kinds({PoolKind.NOMINATED: _("聘任评审专家"), PoolKind.RETIRED: _("评审专家退出")})
        known_by(RequestParties())
