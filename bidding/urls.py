"""Where the doors of selection are."""

from django.urls import path

from bidding import views

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("live/", views.live_list, name="live_list"),
    path("r/<str:number>/room/", views.room, name="room"),
    path("r/<str:number>/room/bid/", views.room_bid, name="room_bid"),
    path("r/<str:number>/room/state.json", views.room_state, name="room_state"),
    path("r/<str:number>/enrol/", views.enrol_door, name="enrol"),
    path("r/<str:number>/leave/", views.leave_door, name="leave"),
    path("r/<str:number>/pick/", views.pick_door, name="pick"),
    path("r/<str:number>/confirm/", views.confirm_door, name="confirm_direct"),
    path("r/<str:number>/decline/", views.decline_door, name="decline_direct"),
    path("awards/", views.award_list, name="award_list"),
    path("awards/<str:number>/", views.award_page, name="award_page"),
    path("awards/<str:number>/object/", views.objection_file, name="objection_file"),
    path("awards/<str:number>/decline/", views.award_decline, name="award_decline"),
    path("objections/<int:pk>/<str:step>/", views.objection_step, name="objection_step"),
]
