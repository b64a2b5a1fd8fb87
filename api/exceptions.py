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
        " mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn"
        " mfa_login_webauthn mfa_reauthenticate_webauthn invitation openid_connect_login openid_connect_callback identity"
        " identity_unknown identity_link identity_unlink identity_join identity_signed_out"
    ),
    "for machines already, at an address of its own": (
        "healthz readyz log_checkpoint log_keys log_inclusion log_consistency stripe_webhook stats_csv stats_json"
        " concentration_csv concentration_json choice_json compare_csv compare_xlsx data data_file data_index releases_feed"
        " credit_changes credit_changes_csv ocds_releases ocds_record opening_ics robots security_txt sitemap sitemap_part"
    ),
    "the same list as a file, by its extension": (
        "agency_list_csv agency_list_xlsx agency_list_json agency_list_atom agency_list_ics request_list_csv"
        " request_list_xlsx request_list_json request_list_atom request_list_ics item_list_csv item_list_xlsx"
        " item_list_json item_list_atom item_list_ics cancelled_items_csv cancelled_items_xlsx cancelled_items_json"
        " cancelled_items_atom live_list_csv live_list_xlsx live_list_json live_list_atom live_list_ics award_list_csv"
        " award_list_xlsx award_list_json award_list_atom award_list_ics exit_list_xlsx exit_list_atom exit_list_ics"
        " inspection_list_csv inspection_list_xlsx inspection_list_json inspection_list_atom inspection_list_ics"
    ),
    "a page of its own for people; its data are other reads": (
        "set_language verify verify_sample care help offline worker embed embed_live embed_award embed_credit request_agencies"
    ),
    "a link in a mail, signed for one person and one press": "unsubscribe",
    "a file itself; the reads name it by hash or path": (
        "file_download award_pdf contract_pdf contract_deadlines contract_file contract_invoice_file contract_receipt"
        " plan_download officer_document_pdf officer_evidence officer_repair_pdf desk_evidence desk_document_pdf"
        " desk_repair_pdf exit_document_pdf my_complaint_evidence officer_complaint_evidence inspection_file"
    ),
    "a trustee's keys never leave the browser that made them": "trustee trustee_key trustee_open draws_waiting",
    "an invented room for people to practise in": "practice practice_state practice_feedback",
}
