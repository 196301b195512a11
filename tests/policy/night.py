"""A night on which somebody has each role, in rooms that are made anew whenever one has changed."""

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from accounts import commands as accounts
from rooms import commands, queries
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.authentication import GUEST, issue_token
from spaces_project.kernel.ids import new_id, public
from spaces_project.kernel.webhooks import endpoints
from spaces_project.kernel.webhooks.api.serializers import ENDPOINT
from spaces_project.kernel.webhooks.endpoints import Owner
from spaces_project.policy.roles import ROLES
from tests.projections.scenes import see, someone

ACCOUNTS = [role for role in ROLES if role != "anonymous"]
RECEIVER = "http://127.0.0.1:9999/hook"
INSIDE = ("host", "cohost", "speaker", "requested", "listener", "removed", "blocked")
IN_TOKENS = {"guest": frozenset({GUEST})}


class Night:
    """One account for each role, and one more whom nobody knows: ``friend``."""

    def __init__(self) -> None:
        word = new_id().hex[-6:]
        self.people = {role: someone(f"{role}_{word}") for role in [*ACCOUNTS, "friend"]}
        self.people["guest"] = self.guest()
        self.tokens = {
            role: issue_token(account_id, IN_TOKENS.get(role, frozenset()), timedelta(hours=1))
            for role, account_id in self.people.items()
        }
        accounts.block(blocker_id=self.people["host"], blocked_id=self.people["blocked"])
        self.elsewhere = self._live("elsewhere")

    @staticmethod
    def guest() -> UUID:
        """Return a new guest, known to the views."""
        account_id = accounts.register_guest().entity_id
        see()
        return account_id

    @cached_property
    def rooms(self) -> dict[str, UUID]:
        """A room in each state, with everybody in his or her role."""
        made = {
            "room": self._full(),
            "private": self._full(audience_policy=AudiencePolicy.INVITED),
            "ended": self._full(),
            "planned": self._open("host"),
        }
        commands.end(room_id=made["ended"], by=self.people["host"])
        see()
        return made

    def begin_again(self) -> None:
        """Make anew what most rows are about: rooms, the pin, the host's key and endpoint."""
        self.rooms |= {"room": self._full(), "planned": self._open("host")}
        for name in ("pin", "key", "endpoint"):
            self.__dict__.pop(name, None)
        see()

    @cached_property
    def pin(self) -> UUID:
        """A pin in the room."""
        room_id = self.rooms["room"]
        commands.pin(room_id=room_id, by=self.people["host"], text="Tea")
        see()
        return next(iter(queries.stage_now(room_id).pins))

    @cached_property
    def key(self) -> UUID:
        """A key that the host has made for a server."""
        made = accounts.make_key(account_id=self.people["host"], name="bot", scopes=["rooms:read"])
        return made.key_id

    @cached_property
    def endpoint(self) -> UUID:
        """A webhook endpoint of the host."""
        owner = Owner(self.people["host"])
        return endpoints.make(owner, RECEIVER, [])[0].id

    def filled(self, text: str) -> str:
        """Return a text with its placeholders filled in."""
        found: dict[str, str] = {"new": f"new{new_id().hex[-10:]}", "receiver": RECEIVER}
        for name in ("pin", "key"):
            if f"{{{name}}}" in text:
                found[name] = public(name, getattr(self, name))
        if "{endpoint}" in text:
            found["endpoint"] = public(ENDPOINT, self.endpoint)
        names = {role: public("acc", account_id) for role, account_id in self.people.items()}
        rooms = {name: public("room", room_id) for name, room_id in self.rooms.items()}
        return text.format(**names, **rooms, **found)

    def wish(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body with its placeholders filled in."""
        return {name: self._value(value) for name, value in body.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(each) for each in value]
        return self.filled(value) if isinstance(value, str) else value

    def _open(self, host: str, **wishes: Any) -> UUID:
        host_id = self.people[host]
        return commands.open_room(host_id=host_id, title="Tea", **wishes).entity_id

    def _live(self, host: str, **wishes: Any) -> UUID:
        room_id = self._open(host, **wishes)
        commands.start(room_id=room_id, by=self.people[host])
        return room_id

    def _full(self, **wishes: Any) -> UUID:
        room = self._live("host", **wishes)
        host, people = self.people["host"], self.people
        chosen = [people[role] for role in INSIDE if role not in {"host", "blocked"}]
        if wishes:
            commands.invite(room_id=room, account_ids=chosen, by=host)
        for role in INSIDE:
            if role != "blocked":
                commands.join(room_id=room, account_id=people[role])
        commands.raise_hand(room_id=room, account_id=people["requested"])
        if not wishes:  # to what is private, nobody can invite a guest
            commands.join(room_id=room, account_id=people["guest"])
        for role in ("speaker", "cohost"):
            commands.promote_speaker(room_id=room, account_id=people[role], by=host)
        commands.appoint_cohost(room_id=room, account_id=people["cohost"], by=host)
        commands.unmute(room_id=room, account_id=people["speaker"], by=people["speaker"])
        commands.invite(room_id=room, account_ids=[people["invited"]], by=host)
        commands.invite_to_speak(room_id=room, account_id=people["invited"], by=host)
        commands.remove(room_id=room, account_id=people["removed"], by=host)
        commands.block(room_id=room, account_id=people["blocked"], by=host, carried_over=True)
        return room
