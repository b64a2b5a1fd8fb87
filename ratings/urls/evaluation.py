"""Where the doors of evaluation and of buyers' credit are."""

from django.urls import URLPattern, path

from ratings.views import buyers, evaluation

_PAGE = "r/<str:number>/evaluation/"

urlpatterns: list[URLPattern] = [
    path(_PAGE, evaluation.evaluation_page, name="evaluation_page"),
    path(_PAGE + "rate/", evaluation.evaluation_rate, name="evaluation_rate"),
    path(_PAGE + "<str:side>/decide/", evaluation.evaluation_decide, name="evaluation_decide"),
    path(_PAGE + "<str:side>/<str:verb>/", evaluation.evaluation_act, name="evaluation_act"),
    path("b/<str:uscc>/", buyers.buyer_credit, name="buyer_credit"),
    path("b/<str:uscc>/credit.json", buyers.buyer_credit_json, name="buyer_credit_json"),
    path("desk/outcomes/", evaluation.outcomes, name="outcomes"),
    path("regulator/disputes/", evaluation.disputes, name="disputes"),
]
