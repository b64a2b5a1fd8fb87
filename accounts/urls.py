"""Doors of accounts."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/enterprise/", views.register_enterprise, name="register_enterprise"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("operate/", views.operate, name="operate"),
    path("operate/<str:uscc>/invite/", views.invite_again, name="invite_again"),
    path("desk/members/", views.members, name="members"),
    path("desk/inbox/", views.inbox, name="inbox"),
    path("desk/<str:token>/deadlines.ics", views.desk_calendar, name="desk_calendar"),
]
