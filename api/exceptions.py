"""Doors of pages that have no endpoint, and why. A door that is neither here nor in the tables fails a test by its name.

Doors of packages that publish files or feeds by themselves (`open data`) are machine-readable already and belong here.
"""

WITHOUT: dict[str, str] = {
    "signing in, passwords, second factors and passkeys are ceremonies between a person and a browser": (
        "account_login account_logout account_inactive account_signup account_reauthenticate account_email"
        " account_email_verification_sent account_change_password account_set_password account_reset_password"
        " account_confirm_login_code account_confirm_email account_reset_password_from_key_done"
        " account_reset_password_from_key account_reset_password_done mfa_index mfa_authenticate mfa_reauthenticate"
        " mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes"
        " mfa_download_recovery_codes invitation"
    ),
    "for machines already, at an address of its own": (
        "healthz readyz log_checkpoint log_keys log_inclusion log_consistency stripe_webhook"
    ),
    "a file itself; the reads name it by hash or path": (
        "file_download award_pdf contract_pdf contract_deadlines contract_file contract_invoice_file contract_receipt"
        " plan_download officer_document_pdf officer_evidence officer_repair_pdf desk_evidence desk_document_pdf"
        " desk_repair_pdf exit_document_pdf my_complaint_evidence officer_complaint_evidence inspection_file"
    ),
    "the operator changes the platform itself, on its pages only": (
        "operate invite_again operate_items operate_item operate_experts expert_retire trustees retire_trustee"
    ),
    "a trustee's keys never leave the browser that made them": "trustee trustee_key trustee_open draws_waiting",
    "each look is recorded as a person's press on a page": "officer_document officer_complainer",
    "leads a payer's browser to a provider's page and back": "payment_online payment_back",
    "an invented room for people to practise in": "practice practice_state practice_feedback",
    "a program or table of the page's own; its data are other reads": (
        "set_language policy_page request_agencies verify verify_sample punctuality expert desk_repair"
        " officer_inspections inspectors"
    ),
    "previewed and taken in by the same officer within one sitting; open for a later version": (
        "officer_list_preview officer_list_import"
    ),
}
