"""Doors of accounts."""

from django.urls import path

from accounts import views
from accounts.channels import views as channels
from accounts.identity import views as identity

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/enterprise/", views.register_enterprise, name="register_enterprise"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("operate/", views.operate, name="operate"),
    path("operate/<str:uscc>/invite/", views.invite_again, name="invite_again"),
    path("desk/members/", views.members, name="members"),
    path("desk/inbox/", views.inbox, name="inbox"),
    path("desk/inbox/read/", views.inbox_read, name="inbox_read"),
    path("desk/bell/", views.bell, name="bell"),
    path("desk/notifications/", channels.preferences, name="preferences"),
    path("desk/notifications/<str:kind>/", channels.bot, name="bot"),
    path("desk/notifications/<str:kind>/quiet/", channels.bot_quiet, name="bot_quiet"),
    path("desk/notifications/<str:kind>/try/", channels.try_bot, name="bot_try"),
    path("desk/notifications/<str:kind>/remove/", channels.remove_bot, name="bot_remove"),
    path("unsubscribe/<str:token>/", channels.unsubscribe, name="unsubscribe"),
    path("desk/following/", channels.following, name="following"),
    path("follow/<str:name>/", channels.follow, name="follow"),
    path("desk/<str:token>/deadlines.ics", views.desk_calendar, name="desk_calendar"),
    path("accounts/oidc/<str:provider_id>/login/", identity.start, name="openid_connect_login"),
    path("accounts/oidc/<str:provider_id>/login/callback/", identity.callback, name="openid_connect_callback"),
    path("accounts/identity/", identity.identity, name="identity"),
    path("accounts/identity/unknown/", identity.unknown, name="identity_unknown"),
    path("accounts/identity/link/", identity.link, name="identity_link"),
    path("accounts/identity/unlink/", identity.unlink, name="identity_unlink"),
    path("accounts/identity/join/", identity.join, name="identity_join"),
    path("accounts/identity/signed-out/", identity.signed_out, name="identity_signed_out"),
]
