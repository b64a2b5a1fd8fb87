from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "ratings"
    verbose_name = "信用"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from accounts.telling import told_of  # noqa: PLC0415
        from draws.parties import known_by  # noqa: PLC0415
        from journal.kinds import name_kinds  # noqa: PLC0415
        from journal.openness import open_only_if  # noqa: PLC0415
        from marketplace.readiness import completed_by  # noqa: PLC0415
        from ratings.actions.choosing import freeze_at_publication  # noqa: PLC0415
        from ratings.actions.inspections import PlanParties  # noqa: PLC0415
        from ratings.entries import LABELS  # noqa: PLC0415
        from ratings.queries.exits import is_public  # noqa: PLC0415
        from ratings.tasks import tasks_of  # noqa: PLC0415
        from ratings.telling import TELLERS  # noqa: PLC0415

        told_by(tasks_of)
        for kinds, teller in TELLERS:
            told_of(kinds, teller)
        known_by(PlanParties())
        completed_by(freeze_at_publication)
        name_kinds(LABELS)
        open_only_if("X-", is_public)
