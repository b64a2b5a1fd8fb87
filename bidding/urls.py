"""Where the doors of selection are."""

from django.urls import path

from bidding import views

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("live/", views.live_list, name="live_list"),
    path("practice/", views.practice, name="practice"),
    path("practice/<str:name>/state.json", views.practice_state, name="practice_state"),
    path("practice/<str:name>/feedback/", views.practice_feedback, name="practice_feedback"),
    path("r/<str:number>/room/", views.room, name="room"),
    path("r/<str:number>/room/bid/", views.room_bid, name="room_bid"),
    path("r/<str:number>/room/state.json", views.room_state, name="room_state"),
    path("r/<str:number>/enrol/", views.enrol_door, name="enrol"),
    path("r/<str:number>/leave/", views.leave_door, name="leave"),
    path("r/<str:number>/offer/", views.offer_seal, name="offer_seal"),
    path("r/<str:number>/offer/withdraw/", views.offer_withdraw, name="offer_withdraw"),
    path("r/<str:number>/offer/key/", views.offer_reveal, name="offer_reveal"),
    path("r/<str:number>/offers.json", views.offers_json, name="offers_json"),
    path("r/<str:number>/pick/", views.pick_door, name="pick"),
    path("r/<str:number>/confirm/", views.confirm_door, name="confirm_direct"),
    path("r/<str:number>/decline/", views.decline_door, name="decline_direct"),
    path("verify/", views.verify_page, name="verify"),
    path("verify/samples/<str:name>.json", views.verify_sample, name="verify_sample"),
    path("awards/", views.award_list, name="award_list"),
    path("awards/<str:number>/", views.award_page, name="award_page"),
    path("awards/<str:number>/replay/", views.award_replay, name="award_replay"),
    path("awards/<str:number>/replay/embed/", views.award_replay_embed, name="award_replay_embed"),
    path("awards/<str:number>/refused.json", views.award_refused, name="award_refused"),
    path("awards/<str:number>/object/", views.objection_file, name="objection_file"),
    path("awards/<str:number>/decline/", views.award_decline, name="award_decline"),
    path("objections/<int:pk>/<str:step>/", views.objection_step, name="objection_step"),
]
