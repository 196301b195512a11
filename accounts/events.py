"""What other apps may hear of people."""

from accounts.domain.account import Account
from accounts.domain.blocking import Blocking
from accounts.domain.following import Following

Registered = Account.Registered
GuestRegistered = Account.GuestRegistered
NameChosen = Account.NameChosen
ProfileChanged = Account.ProfileChanged
Protected = Account.Protected
Unprotected = Account.Unprotected
Followed = Following.Followed
Unfollowed = Following.Unfollowed
Blocked = Blocking.Blocked
Unblocked = Blocking.Unblocked

__all__ = [
    "Blocked",
    "Followed",
    "GuestRegistered",
    "NameChosen",
    "ProfileChanged",
    "Protected",
    "Registered",
    "Unblocked",
    "Unfollowed",
    "Unprotected",
]
