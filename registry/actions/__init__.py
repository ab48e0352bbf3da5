from registry.actions.letters import try_again
from registry.actions.people import erase_person, invite_user
from registry.actions.roles import end_role, grant_role
from registry.actions.tokens import create_token, make_token, revoke_token

__all__ = [
    "create_token",
    "end_role",
    "erase_person",
    "grant_role",
    "invite_user",
    "make_token",
    "revoke_token",
    "try_again",
]
