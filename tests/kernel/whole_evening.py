"""A scripted evening: every kind of event of a room occurs, in an order that makes sense."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from accounts import commands as accounts
from accounts import queries as people
from accounts.projections.people import People
from rooms import commands, queries
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.words import SpeakPolicy
from rooms.streams import participation
from spaces_project.kernel.clock import now
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from tests.kernel.jars import eventually

PATIENCE_S = 30.0
Step = Callable[[], object]
NAMES = ("ana", "bo", "cy", "di", "ed", "flo", "gus")


class WholeEvening:
    """Ana hosts, Bo becomes co-host and hosts for a while, the others come, speak and go.

    Needs the preset ``classic``, in which everybody may host. Ed has blocked Cy.

    :param policies_run: a process carries blocks over to the accounts; the evening waits for it.
    """

    def __init__(self, *, policies_run: bool = False) -> None:
        self._policies_run = policies_run
        word = new_id().hex[-8:]
        self.people: dict[str, UUID] = {
            name: accounts.register(handle=f"{name}_{word}", name=name.capitalize()).entity_id
            for name in NAMES
        }
        while project(People()):
            pass  # commands about somebody look the person up
        accounts.block(blocker_id=self.people["ed"], blocked_id=self.people["cy"])
        opened = commands.open_room(
            host_id=self.people["ana"], title="Tea", description="a planted description"
        )
        self.room_id: UUID = opened.entity_id

    def ask(self, command: commands.RoomCommand, who: str | None = None, **facts: object) -> Step:
        """Return a command of this room, about somebody, or by nobody in particular."""
        about = {} if who is None else {"account_id": self.people[who]}
        return partial(command, room_id=self.room_id, **about, **facts)

    def by(self, leader: str, command: commands.RoomCommand, who: str | None = None) -> Step:
        """Return a command that somebody gives, about somebody else."""
        return self.ask(command, who, by=self.people[leader])

    def steps(self) -> Iterator[Step]:
        """Yield everything that happens, in order."""
        yield from self._beginning()
        yield from self._invitations()
        yield from self._stage()
        yield from self._leaders()
        yield from self._coming_back()
        yield from self._putting_out()
        yield from self._ending()

    def _beginning(self) -> Iterator[Step]:
        ana = self.people["ana"]
        yield self.by("ana", commands.start)
        for name in ("ana", "bo", "cy", "di", "ed"):
            yield self.ask(commands.join, name)
        yield self.ask(commands.change_card, by=ana, title="Coffee", description="Black")
        yield self.ask(commands.change_card, by=ana, topic_ids=["coffee"])
        yield self.ask(commands.change_policies, by=ana, speak_policy=SpeakPolicy.FOLLOWED_BY_HOST)
        yield self.ask(commands.change_policies, by=ana, speak_policy=SpeakPolicy.EVERYONE)

    def _invitations(self) -> Iterator[Step]:
        ana, chosen = self.people["ana"], [self.people["flo"], self.people["gus"]]
        yield self.by("ana", commands.invite_followers)
        yield self.ask(commands.invite, by=ana, account_ids=chosen)
        yield self.by("ana", commands.cancel_invitation, "gus")
        yield self.ask(commands.decline_invitation, "flo")
        yield self.ask(commands.admit, "gus")

    def _stage(self) -> Iterator[Step]:
        yield self.ask(commands.raise_hand, "bo")
        yield self.ask(commands.raise_hand, "cy")
        yield self.by("ana", commands.lower_hand, "cy")
        yield self.by("ana", commands.promote_speaker, "bo")
        yield self.by("bo", commands.unmute, "bo")
        yield self.by("ana", commands.mute, "bo")
        yield self.by("ana", commands.invite_to_speak, "cy")
        yield self.ask(commands.accept_invitation, "cy")
        for answer in (
            self.ask(commands.decline_invitation, "di"),
            self.by("ana", commands.cancel_invitation, "di"),
            self._let_expire,
        ):
            yield self.by("ana", commands.invite_to_speak, "di")
            yield answer

    def _leaders(self) -> Iterator[Step]:
        bo = self.people["bo"]
        yield self.by("ana", commands.appoint_cohost, "bo")
        yield self.ask(commands.pin, by=bo, text="What we talk about")
        yield self.ask(commands.pin, by=bo, text="", url="https://example.org/tea")
        yield self._unpin
        yield self.by("cy", commands.unmute, "cy")
        yield self.by("bo", commands.mute_all)
        yield self.by("ana", commands.dismiss_cohost, "bo")
        yield self.by("ana", commands.appoint_cohost, "bo")

    def _coming_back(self) -> Iterator[Step]:
        yield self.ask(commands.drop, "cy")
        yield self.ask(commands.join, "cy")
        yield self.ask(commands.drop, "cy")
        yield self._lapse
        yield self.by("ana", commands.hand_over, "bo")
        yield self.ask(commands.drop, "bo")
        yield self._succeed

    def _putting_out(self) -> Iterator[Step]:
        yield self.by("ana", commands.remove, "di")
        yield self.by("ana", commands.lift_removal, "di")
        yield self.by("ana", commands.block, "ed")
        yield partial(self._see_blocked, True)
        yield self.by("ana", commands.unblock, "ed")
        yield partial(self._see_blocked, False)
        yield self.ask(commands.join, "ed")
        yield self.by("ana", commands.promote_speaker, "ed")
        yield self.by("ed", commands.demote_speaker, "ed")
        yield self.by("ana", commands.promote_speaker, "ed")
        yield self.by("ana", commands.demote_speaker, "ed")
        yield self.ask(commands.leave, "ed")

    def _ending(self) -> Iterator[Step]:
        yield self._warn_of_the_end
        yield self.by("ana", commands.end)

    def _part(self, who: str) -> Participation:
        return participation(self.room_id, self.people[who])

    def _room(self) -> Room:
        return event_log().load(Room, self.room_id)

    def _let_expire(self) -> None:
        part = self._part("di")
        part.let_speak_invitation_expire(now() + timedelta(hours=1))
        event_log().append(part)

    def _unpin(self) -> None:
        first = next(iter(queries.stage_now(self.room_id).pins))
        commands.unpin(room_id=self.room_id, pin_id=first, by=self.people["bo"])

    def _lapse(self) -> None:
        room, part = self._room(), self._part("cy")
        room.let_seat_lapse(part.account_id, now())
        part.lose_seat(now())
        event_log().append(room, part)

    def _succeed(self) -> None:
        room, host = self._room(), self._part("bo")
        room.succeed_host(self.people["ana"], now())
        host.lose_seat(now())
        event_log().append(room, host)

    def _see_blocked(self, wanted: bool) -> None:
        ana, ed = self.people["ana"], self.people["ed"]
        if self._policies_run:
            assert eventually(lambda: people.has_blocked_now(ana, ed) is wanted, PATIENCE_S)

    def _warn_of_the_end(self) -> None:
        room = self._room()
        room.announce_end(now() + timedelta(minutes=15), now())
        event_log().append(room)
