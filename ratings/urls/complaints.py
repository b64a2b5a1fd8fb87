"""Where the doors of complaints are."""

from django.urls import path

from ratings.views import complaints
from ratings.views.officers import complaints as officers

urlpatterns = [
    path("complaints/new/", complaints.new_complaint, name="new_complaint"),
    path("desk/complaints/", complaints.my_complaints, name="my_complaints"),
    path("desk/complaints/<str:number>/", complaints.my_complaint, name="my_complaint"),
    path("desk/complaints/<str:number>/evidence/<int:n>/", complaints.my_evidence, name="my_complaint_evidence"),
    path("desk/complaints/about-us/<str:number>/", complaints.about_us, name="complaint_about_us"),
    path("regulator/complaints/", officers.officer_complaints, name="officer_complaints"),
    path("regulator/complaints/<str:number>/", officers.officer_complaint, name="officer_complaint"),
    path("regulator/complaints/<str:number>/complainer/", officers.complainer, name="officer_complainer"),
    path(
        "regulator/complaints/<str:number>/evidence/<int:n>/",
        officers.complaint_evidence,
        name="officer_complaint_evidence",
    ),
    path("regulator/complaints/<str:number>/<str:verb>/", officers.officer_complaint_act, name="officer_complaint_act"),
]
