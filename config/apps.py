from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "设置与启动"
