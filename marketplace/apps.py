from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"
    verbose_name = "事项与需求"

    def ready(self) -> None:
        from core.files import shown_by  # noqa: PLC0415 (models exist only now)
        from marketplace.queries import shows_file  # noqa: PLC0415

        shown_by(shows_file)
