"""Where the doors of evaluation, credit, exit, complaints, inspections and lists are; each noun lists its own."""

from ratings.urls import comparing, complaints, credit, evaluation, exits, inspections, lists, officers

urlpatterns = [
    *evaluation.urlpatterns,
    *credit.urlpatterns,
    *officers.urlpatterns,
    *exits.urlpatterns,
    *complaints.urlpatterns,
    *inspections.urlpatterns,
    *lists.urlpatterns,
    *comparing.urlpatterns,
]
