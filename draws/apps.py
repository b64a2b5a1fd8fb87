from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "draws"
    verbose_name = "随机抽取"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from draws.entries import LABELS  # noqa: PLC0415
        from draws.tasks import tasks_of  # noqa: PLC0415
        from journal.kinds import name_kinds  # noqa: PLC0415

        told_by(tasks_of)
        name_kinds(LABELS)
