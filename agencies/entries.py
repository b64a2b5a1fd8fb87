"""What agencies write into their case file `A-<USCC>`. No personal data: organisations, public texts, file hashes."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AgencyEntry(StrEnum):
    """Kinds of entry in an agency's case file, in the order of its life."""

    # The signed credit commitment, always first (P22.1): {version, sha256, name, uscc, region}
    COMMITTED = "agency.committed"
    # Its page changed: {fields: [names]}, with the new `name` if it was renamed
    PROFILE_CHANGED = "agency.profile_changed"
    # What it offers changed: {added: [item codes], removed: [item codes]}
    SERVICES_CHANGED = "agency.services_changed"
    # Past work shown or taken off the page: {title, year}
    WORK_SHOWN = "agency.work_shown"
    WORK_TAKEN_DOWN = "agency.work_taken_down"
    # A certificate claimed, or claimed anew with other facts: {kind, number, valid_from, valid_until, file}
    QUALIFICATION_CLAIMED = "qualification.claimed"
    # A claim taken back by the agency: {kind, number}
    QUALIFICATION_TAKEN_BACK = "qualification.taken_back"
    # The register says something new of one: {certificate, number, status, source, asked_at, valid_until, revoked_on, reason}
    CERTIFICATE_LOOKED_UP = "certificate.looked_up"
    # A tie to a department (P20.1): {department: {name, uscc}, nature}
    TIE_DECLARED = "tie.declared"
    TIE_ENDED = "tie.ended"
    # An owner or a professional, by kind and share; who it is stands on the page, not here: {kind, share}
    INSIDER_DECLARED = "insider.declared"
    INSIDER_ENDED = "insider.ended"

    @property
    def label(self) -> str | Promise:
        """What a reader sees."""
        return _LABELS[self]


_LABELS: dict[AgencyEntry, str | Promise] = {
    AgencyEntry.COMMITTED: _("签署信用承诺并入驻"),
    AgencyEntry.PROFILE_CHANGED: _("更新机构资料"),
    AgencyEntry.SERVICES_CHANGED: _("调整服务事项"),
    AgencyEntry.WORK_SHOWN: _("公开过往业绩"),
    AgencyEntry.WORK_TAKEN_DOWN: _("撤下过往业绩"),
    AgencyEntry.QUALIFICATION_CLAIMED: _("声明资质"),
    AgencyEntry.QUALIFICATION_TAKEN_BACK: _("撤回资质声明"),
    AgencyEntry.CERTIFICATE_LOOKED_UP: _("证照登记系统核对"),
    AgencyEntry.TIE_DECLARED: _("声明与部门的利益关系"),
    AgencyEntry.TIE_ENDED: _("声明利益关系已解除"),
    AgencyEntry.INSIDER_DECLARED: _("公开股东或持证人员"),
    AgencyEntry.INSIDER_ENDED: _("声明股东或持证人员已变更"),
}
