"""Doors of accounts."""

from django.urls import path

from accounts import views
from accounts.identity import views as identity

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/enterprise/", views.register_enterprise, name="register_enterprise"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("operate/", views.operate, name="operate"),
    path("operate/<str:uscc>/invite/", views.invite_again, name="invite_again"),
    path("desk/members/", views.members, name="members"),
    path("desk/inbox/", views.inbox, name="inbox"),
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
