from registry.models.api_token import ApiToken
from registry.models.entry import Entry, EntryKind
from registry.models.fact import Fact, FactQuerySet, Identity, VisibleQuerySet, fact_kinds
from registry.models.heartbeat import Heartbeat
from registry.models.installation import Installation
from registry.models.kept_answer import KeptAnswer
from registry.models.mail import Mail, MailState
from registry.models.role_grant import RoleGrant
from registry.models.user import User
from registry.models.word import Word

__all__ = [
    "ApiToken",
    "Entry",
    "EntryKind",
    "Fact",
    "FactQuerySet",
    "Heartbeat",
    "Identity",
    "Installation",
    "KeptAnswer",
    "Mail",
    "MailState",
    "RoleGrant",
    "User",
    "VisibleQuerySet",
    "Word",
    "fact_kinds",
]
