from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "演示"

    def ready(self) -> None:
        # Whoever sets up Stripe, its test mode for example, wants to see that.
        if not settings.ENV.stripe_api_key:
            from contracts.providers import offer  # noqa: PLC0415 (models are ready only now)
            from demo.gateway import PretendProvider  # noqa: PLC0415

            offer(PretendProvider())
        if not settings.ENV.certificates_url:
            from agencies.certificates.register import use  # noqa: PLC0415
            from demo.register import PretendRegister  # noqa: PLC0415

            use(PretendRegister())
