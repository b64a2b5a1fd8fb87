"""An organisation's own desk: who it is, its inbox, its tasks."""

from api.shapes.base import maybe, moment, number, one, shape, text
from api.shapes.market import ORGANISATION

ME = shape(
    "Me",
    name=text(lambda caller: caller.user.name or caller.user.email),
    organisation=one(ORGANISATION, "member_of"),
    access=text(lambda caller: getattr(caller.request.auth, "scope", "session")),
)
NOTICE = shape(
    "Notice", id=number("pk"), text=text("text"), path=text("path"), at=moment("at"), read_at=moment("read_at")
)
TASK = shape(
    "Task",
    what=text("what"),
    subject=text("subject"),
    path=text("href"),
    due_at=moment("due_at"),
    severity=number("severity"),
    because=text("because"),
)
MEMBER = shape("Member", name=text("user.name"), email=text("user.email"), role=text("role"))
FOLLOWED = shape("Followed", case=text("case.name"), since=moment("since"))
# The link of an invitation is shown once, to the owner who invites; the mail has it, too.
INVITED = shape(
    "Invited",
    email=text("invitation.email"),
    role=text("invitation.role"),
    token=maybe("token"),
    expires_at=moment("invitation.expires_at"),
)
