"""Tokens (接口令牌): somebody's program acts as a member of one organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User


class TokenScope(models.TextChoices):
    """What a token may do."""

    READ = "read", _("只读")
    WRITE = "write", _("读写")


class Token(models.Model):
    """Only the hash of the secret is kept; `hint` is how its owner tells it from others."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("名称"), max_length=60)
    scope = models.CharField(_("权限"), max_length=5, choices=TokenScope.choices, default=TokenScope.READ)
    hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(name="token_scope_known", condition=models.Q(scope__in=TokenScope.values)),
            models.CheckConstraint(name="token_keeps_a_hash", condition=models.Q(hash__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hint}…"
