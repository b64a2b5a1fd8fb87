from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "机构"

    def ready(self) -> None:
        from agencies.queries import shows_file  # noqa: PLC0415 (models exist only now)
        from core.files import shown_by  # noqa: PLC0415

        shown_by(shows_file)
