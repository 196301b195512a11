# ruff: noqa: ARG002 - every button is pressed with the same facts
"""The rules of a room once more, from the rules' page and not from the code: a few sets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tests.properties.reference_state import MOST_COHOSTS, MOST_PINS, STAGE_SIZE, State


@dataclass
class Stages(State):
    """Seats, microphones, hands, co-hosts."""

    @property
    def has_free_seat(self) -> bool:
        return len(self.stage) < STAGE_SIZE

    def may_raise_hand(self, who: UUID, by: UUID, at: datetime) -> bool:
        followed = (self.host, who) in self.follows
        heard = self.speak == "everyone" or (self.speak == "followed_by_host" and followed)
        waits = who in self.line or at < self.rests_until.get(who, at)
        listens = who in self.inside and who not in self.stage
        return self.live and self.sees(who) and listens and heard and not waits

    def do_raise_hand(self, who: UUID, by: UUID, at: datetime) -> None:
        self.line.append(who)

    def may_lower_hand(self, who: UUID, by: UUID, at: datetime) -> bool:
        asks = by == who or self.leads(by)
        return self.live and self.sees(by) and who in self.line and asks

    def do_lower_hand(self, who: UUID, by: UUID, at: datetime) -> None:
        self.line.remove(who)
        self.rests_until[who] = at + timedelta(minutes=1 if by == who else 5)

    def may_promote(self, who: UUID, by: UUID, at: datetime) -> bool:
        listens = who in self.inside and who not in self.stage
        return self.live and self.leads(by) and listens and self.has_free_seat

    def do_promote(self, who: UUID, by: UUID, at: datetime) -> None:
        self.offers.pop(who, None)
        self.sit_down(who)

    def may_demote(self, who: UUID, by: UUID, at: datetime) -> bool:
        if not (self.live and self.sees(by) and who in self.stage and who != self.host):
            return False
        return by == who or (self.leads(by) and self.stands_above(by, who))

    def do_demote(self, who: UUID, by: UUID, at: datetime) -> None:
        self.stand_up(who)

    def may_mute(self, who: UUID, by: UUID, at: datetime) -> bool:
        asks = by == who or self.leads(by)
        return self.live and self.sees(by) and who in self.stage and asks

    def do_mute(self, who: UUID, by: UUID, at: datetime) -> None:
        self.close(who, by)

    def may_unmute(self, who: UUID, by: UUID, at: datetime) -> bool:
        is_there = who in self.stage and who not in self.kept_until
        return self.live and self.sees(by) and is_there and by == who

    def do_unmute(self, who: UUID, by: UUID, at: datetime) -> None:
        self.open_microphones.add(who)

    def may_mute_all(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.live and self.leads(by)

    def do_mute_all(self, who: UUID, by: UUID, at: datetime) -> None:
        for speaker in self.stage:
            if not self.leads(speaker):
                self.close(speaker, by)

    def may_appoint(self, who: UUID, by: UUID, at: datetime) -> bool:
        speaks = who in self.stage and not self.leads(who)
        return self.live and by == self.host and speaks and len(self.cohosts) < MOST_COHOSTS

    def do_appoint(self, who: UUID, by: UUID, at: datetime) -> None:
        self.cohosts.append(who)

    def may_dismiss(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.live and by == self.host and who in self.cohosts

    def do_dismiss(self, who: UUID, by: UUID, at: datetime) -> None:
        self.cohosts.remove(who)

    def may_hand_over(self, who: UUID, by: UUID, at: datetime) -> bool:
        is_there = who in self.stage and who in self.inside
        return self.live and by == self.host and who != by and is_there

    def do_hand_over(self, who: UUID, by: UUID, at: datetime) -> None:
        if by not in self.inside and by not in self.kept_until:  # the host had not come at all
            self.close(by, by)
            self.kept_until[by] = at + timedelta(minutes=1)
            self.dropped_at[by] = at
        if who in self.cohosts:
            self.cohosts.remove(who)
        if len(self.cohosts) < MOST_COHOSTS:
            self.cohosts.append(by)
        self.be_hosted_by(who, at)


@dataclass
class Putting(Stages):
    """Removing and blocking, and both taken back."""

    def may_remove(self, who: UUID, by: UUID, at: datetime) -> bool:
        return who != by and self.live and self.leads(by) and self.stands_above(by, who)

    def do_remove(self, who: UUID, by: UUID, at: datetime) -> None:
        if who not in self.removed:
            self.removed.add(who)
            self.put_out(who, at)

    def may_lift_removal(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host and who in self.removed

    def do_lift_removal(self, who: UUID, by: UUID, at: datetime) -> None:
        self.removed.remove(who)

    def may_block(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host and who != self.host

    def do_block(self, who: UUID, by: UUID, at: datetime) -> None:
        self.blocks.add((by, who))
        self.block_here(who, at)

    def may_unblock(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host

    def do_unblock(self, who: UUID, by: UUID, at: datetime) -> None:
        self.blocks.discard((by, who))
        self.blocked.discard(who)


@dataclass
class Reference(Putting):
    """What a room should be after some buttons were pressed.

    Every ``may_…`` says whether the button is answered with yes; ``do_…`` is what it changes.
    """

    by_themselves: frozenset[str] = field(
        default=frozenset(
            {"drop", "expire", "lapse", "succeed", "end_abandoned", "end_empty", "announce_end",
             "end_overlong"}
        )
    )  # fmt: skip

    def press(self, button: str, who: UUID, by: UUID, at: datetime) -> bool:
        """Press a button; return whether the answer is yes."""
        if button in self.by_themselves:  # never refused, and without effect in their wrong time
            if self.state != "ended":
                getattr(self, f"do_{button}")(who, by, at)
            return True
        part, _, policy = button.partition("_")
        if part in ("audience", "speak"):
            return self.change_policy(part, policy, by)
        if self.state == "ended" or not getattr(self, f"may_{button}")(who, by, at):
            return False
        getattr(self, f"do_{button}")(who, by, at)
        return True

    def change_policy(self, part: str, policy: str, by: UUID) -> bool:
        if self.state == "ended" or by != self.host:
            return False
        if part == "audience" and self.audience == "ticket" != policy:
            return False
        setattr(self, part, policy)
        return True

    def may_start(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host and self.state == "scheduled"

    def do_start(self, who: UUID, by: UUID, at: datetime) -> None:
        self.state, self.started_at = "live", at
        self.empty_since = None if self.inside else at

    def may_end(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host

    def do_end(self, who: UUID, by: UUID, at: datetime) -> None:
        self.be_over()

    def may_rename(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host

    def do_rename(self, who: UUID, by: UUID, at: datetime) -> None:
        self.title = "Coffee"

    def may_pin(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.leads(by) and self.pins < MOST_PINS

    def do_pin(self, who: UUID, by: UUID, at: datetime) -> None:
        self.pins += 1

    def may_unpin(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.leads(by) and self.pins > 0

    def do_unpin(self, who: UUID, by: UUID, at: datetime) -> None:
        self.pins -= 1

    def may_invite_followers(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host and self.audience != "invited" and not self.followers_told

    def do_invite_followers(self, who: UUID, by: UUID, at: datetime) -> None:
        self.followers_told = True

    def may_join(self, who: UUID, by: UUID, at: datetime) -> bool:
        if who == self.host:
            return True
        return self.live and self.sees(who) and who not in self.out and self.lets_in(who, at)

    def do_join(self, who: UUID, by: UUID, at: datetime) -> None:
        was_away = who in self.kept_until and who not in self.inside
        self.come_in(who)
        if was_away:
            self.do_succeed(who, by, at)

    def may_leave(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.sees(who)

    def do_leave(self, who: UUID, by: UUID, at: datetime) -> None:
        if self.live and who == self.host:
            self.close(who, who)
            self.keep_seat(who, at)
            return
        if who in self.stage and self.live:
            self.stand_up(who)
        self.go_out(who, at)

    def do_drop(self, who: UUID, by: UUID, at: datetime) -> None:
        if who not in self.inside:
            return
        if self.live and who in self.stage:
            self.close(who, None)
            self.keep_seat(who, at)
        else:
            self.go_out(who, at)

    def may_invite(self, who: UUID, by: UUID, at: datetime) -> bool:
        is_free = who not in self.out and self.sees(who)
        return self.leads(by) and (who in self.stage or is_free)

    def do_invite(self, who: UUID, by: UUID, at: datetime) -> None:
        if who not in self.stage:
            self.invited.add(who)

    def may_admit(self, who: UUID, by: UUID, at: datetime) -> bool:
        return who not in self.out

    def do_admit(self, who: UUID, by: UUID, at: datetime) -> None:
        self.guests.add(who)

    def may_invite_to_speak(self, who: UUID, by: UUID, at: datetime) -> bool:
        is_free = who not in self.out and who not in self.stage and self.sees(who)
        return self.live and self.leads(by) and is_free

    def do_invite_to_speak(self, who: UUID, by: UUID, at: datetime) -> None:
        if not self.is_offered(who, at):
            self.offers[who] = at + timedelta(minutes=1)

    def may_cancel_invitation(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.leads(by) and (who in self.offers or who in self.invited)

    def do_cancel_invitation(self, who: UUID, by: UUID, at: datetime) -> None:
        if self.offers.pop(who, None) is None:
            self.invited.remove(who)

    def may_accept_invitation(self, who: UUID, by: UUID, at: datetime) -> bool:
        if who not in self.offers:
            return who in self.invited and self.may_join(who, by, at)
        is_free = who not in self.out and who not in self.stage
        in_time = self.is_offered(who, at)
        return self.live and self.sees(who) and is_free and in_time and self.has_free_seat

    def do_accept_invitation(self, who: UUID, by: UUID, at: datetime) -> None:
        if self.offers.pop(who, None) is None:
            self.do_join(who, by, at)
            return
        self.come_in(who)
        self.sit_down(who)

    def may_decline_invitation(self, who: UUID, by: UUID, at: datetime) -> bool:
        if who in self.offers:
            return self.sees(who) and self.is_offered(who, at)
        return self.sees(who) and who in self.invited

    def do_decline_invitation(self, who: UUID, by: UUID, at: datetime) -> None:
        self.do_cancel_invitation(who, by, at)
