"""Where the doors of imported lists are."""

from django.urls import path

from ratings.views.officers import lists

urlpatterns = [
    path("regulator/lists/", lists.officer_lists, name="officer_lists"),
    path("regulator/lists/preview/", lists.preview, name="officer_list_preview"),
    path("regulator/lists/import/", lists.import_list, name="officer_list_import"),
    path("regulator/lists/flags/<int:pk>/correct/", lists.correct, name="officer_list_correct"),
]
