from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "设置与启动"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 (registers them)
