"""What accounts write into the platform's case file `P`. Organisations only: no personal data."""

from enum import StrEnum


class AccountEntry(StrEnum):
    """Kinds of entry about organisations."""

    # An enterprise registered itself: {kind, name, uscc, region, commitment: {version, sha256}}
    ENTERPRISE_REGISTERED = "organisation.registered"
    # An operator invited a department or regulator: {kind, name, uscc, region, field}
    INVITED = "organisation.invited"
    # The invited organisation took up its place: {kind, name, uscc}
    JOINED = "organisation.joined"
