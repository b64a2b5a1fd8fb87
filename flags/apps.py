from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlagsConfig(AppConfig):
    name = "flags"
    verbose_name = "预警"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from accounts.telling import told_of  # noqa: PLC0415
        from flags.entries import LABELS  # noqa: PLC0415
        from flags.queries.flags import is_public  # noqa: PLC0415
        from flags.tasks import tasks_of  # noqa: PLC0415
        from flags.telling import TELLERS  # noqa: PLC0415
        from journal.kinds import name_kinds  # noqa: PLC0415
        from journal.openness import open_only_if  # noqa: PLC0415
        from ratings.doors import lead_to  # noqa: PLC0415

        told_by(tasks_of)
        for kinds, teller in TELLERS:
            told_of(kinds, teller)
        lead_to("officer_flags", _("预警"))
        lead_to("officer_network", _("共同投标网络"))
        lead_to("policy_radar", _("政策雷达"))
        name_kinds(LABELS)
        open_only_if("F-", is_public)
