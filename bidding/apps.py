from django.apps import AppConfig


class BiddingConfig(AppConfig):
    name = "bidding"
    verbose_name = "选取"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from bidding.parties import RequestParties  # noqa: PLC0415
        from bidding.tasks import tasks_of  # noqa: PLC0415
        from bidding.trustees import SealedPrices  # noqa: PLC0415
        from draws.parties import known_by  # noqa: PLC0415
        from draws.sources import asked_by  # noqa: PLC0415

        told_by(tasks_of)
        asked_by(SealedPrices())
        known_by(RequestParties())
