from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "机构"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from agencies.queries import shows_file  # noqa: PLC0415
        from agencies.tasks import tasks_of  # noqa: PLC0415
        from core.files import shown_by  # noqa: PLC0415

        shown_by(shows_file)
        told_by(tasks_of)
