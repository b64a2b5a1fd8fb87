from django.apps import AppConfig
from django.conf import settings


class ContractsConfig(AppConfig):
    name = "contracts"
    verbose_name = "合同与付款"

    def ready(self) -> None:
        from accounts.tasks import told_by  # noqa: PLC0415 (models exist only now)
        from contracts.queries import shows_file  # noqa: PLC0415
        from contracts.tasks import tasks_of  # noqa: PLC0415
        from core.files import shown_by  # noqa: PLC0415

        shown_by(shows_file)
        told_by(tasks_of)
        if settings.ENV.stripe_api_key:
            _offer_stripe()


def _offer_stripe() -> None:
    # The SDK takes a while to load: only who offers it waits for it.
    from contracts.providers import offer  # noqa: PLC0415
    from contracts.providers.stripe import LIVE_API, StripeProvider  # noqa: PLC0415

    env = settings.ENV
    offer(StripeProvider(env.stripe_api_key or "", env.stripe_webhook_secret, env.stripe_api_base or LIVE_API))
