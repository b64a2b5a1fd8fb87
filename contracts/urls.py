"""Where the doors of contracts, deliveries and money are."""

from django.urls import path

from contracts import views

_CONTRACT = "r/<str:number>/contract/"

urlpatterns = [
    path(_CONTRACT, views.contract_page, name="contract_page"),
    path(_CONTRACT + "propose/", views.contract_propose, name="contract_propose"),
    path(_CONTRACT + "confirm/", views.contract_confirm, name="contract_confirm"),
    path(_CONTRACT + "pass-over/", views.contract_pass_over, name="contract_pass_over"),
    path(_CONTRACT + "change/", views.contract_change, name="contract_change"),
    path(_CONTRACT + "change/answer/", views.contract_change_answer, name="contract_change_answer"),
    path(_CONTRACT + "milestones/<int:n>/deliver/", views.delivery_make, name="delivery_make"),
    path(_CONTRACT + "milestones/<int:n>/decide/", views.delivery_decide, name="delivery_decide"),
    path(_CONTRACT + "milestones/<int:n>/extension/", views.extension_ask, name="extension_ask"),
    path(_CONTRACT + "milestones/<int:n>/extension/answer/", views.extension_answer, name="extension_answer"),
    path(_CONTRACT + "suspense/return/", views.suspense_return, name="suspense_return"),
    path(_CONTRACT + "contract.pdf", views.contract_pdf, name="contract_pdf"),
    path(_CONTRACT + "deadlines.ics", views.contract_deadlines, name="contract_deadlines"),
    path(_CONTRACT + "files/<int:pk>/", views.contract_file, name="contract_file"),
    path("payables/<int:pk>/invoice/", views.payable_invoice, name="payable_invoice"),
    path("payables/<int:pk>/invoice/file/", views.contract_invoice_file, name="contract_invoice_file"),
    path("payables/<int:pk>/transfer/", views.payment_transfer, name="payment_transfer"),
    path("payables/<int:pk>/online/", views.payment_online, name="payment_online"),
    path("payables/<int:pk>/suspense/", views.suspense_allocate, name="suspense_allocate"),
    path("payments/<int:pk>/", views.payment_back, name="payment_back"),
    path("payments/<int:pk>/cancel/", views.payment_cancel, name="payment_cancel"),
    path("payments/<int:pk>/confirm/", views.payment_confirm, name="payment_confirm"),
    path("payments/<int:pk>/deny/", views.payment_deny, name="payment_deny"),
    path("payments/<int:pk>/refund/", views.payment_refund, name="payment_refund"),
    path("payments/<int:pk>/receipt/", views.contract_receipt, name="contract_receipt"),
    path("desk/account/", views.payee_account, name="payee_account"),
    path("desk/budget/", views.budget_line, name="budget_line"),
    path("desk/bank/", views.bank_queue, name="bank_queue"),
    path("desk/bank/import/", views.bank_import, name="bank_import"),
    path("desk/bank/<int:pk>/", views.bank_line, name="bank_line"),
    path("webhooks/stripe/", views.stripe_webhook, name="stripe_webhook"),
]
