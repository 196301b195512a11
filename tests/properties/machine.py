"""Several people press every button in any order, while time goes on."""

from contextlib import suppress
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from rooms.domain.rules import Rules
from rooms.domain.stage import Stage
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from spaces_project.kernel.refusals import Refusal
from tests.domain.scenes import ANA, BO, CY, ENOUGH, NOON, person
from tests.properties.buttons import BUTTONS, World
from tests.properties.comparing import compare
from tests.properties.promises import Promises
from tests.properties.reference import Reference
from tests.properties.reference_state import LONGEST, MOST_COHOSTS, MOST_PINS, STAGE_SIZE, WARNING
from tests.properties.stories import STORIES

DI, ED = person(0), person(1)
PEOPLE = [ANA, BO, CY, DI, ED]
FOLLOWS = {(BO, ANA), (ANA, CY), (CY, ANA), (DI, BO), (BO, DI)}
SEATS = SeatPolicy(STAGE_SIZE, MOST_COHOSTS)
RULES = Rules(
    most_pins=MOST_PINS,
    longest_room_s=int(LONGEST.total_seconds()),
    end_warning_s=int(WARNING.total_seconds()),
)
somebody = st.sampled_from(PEOPLE)
# Mostly whoever may: the host, a co-host, or the person concerned.
asker = st.sampled_from(["host", "host", "host", "cohost", "the same", "the same", "anybody"])
# These are steps of longer stories than others: a stage that fills, a host who goes, coming back.
OFTEN = [
    *["promote", "join", "raise_hand"] * 4,
    *["appoint", "drop", "succeed", "accept_invitation", "invite_to_speak"] * 3,
    *["unblock", "lift_removal", "unmute", "unmute", "hand_over", "lapse", "lower_hand"] * 2,
    *["cancel_invitation", "decline_invitation", "mute_all", "dismiss", "invite"],
]
# Mostly refused, or no run would come far.
FINAL = {"end", "remove", "audience_ticket"}
RARE = {"end_abandoned", "end_empty", "end_overlong"}
PRESSED = [*BUTTONS, *OFTEN]


class AnyOrder(RuleBasedStateMachine, Promises):
    """The room, its people and the stage agree with the reference, whatever happens."""

    world_type: ClassVar[type[World]] = World
    steps: ClassVar[int] = 0
    agreed: ClassVar[int] = 0
    seen: ClassVar[set[str]] = set()
    # Buttons that are pressed in this order between the others, to come to a certain place soon.
    story: ClassVar[list[tuple[str, str]]] = []

    def __init__(self) -> None:
        super().__init__()
        self.world = self.world_type(PEOPLE, FOLLOWS, RULES)
        self.reference = Reference(ANA, FOLLOWS)
        self.time = NOON
        self.told = 0
        room = self.world.room
        room.create(
            title="Tea",
            description="",
            topic_ids=[],
            audience_policy=AudiencePolicy.PUBLIC,
            speak_policy=SpeakPolicy.EVERYONE,
            seat_policy=SEATS,
            eligibility=ENOUGH,
            by=ANA,
            at=NOON,
        )
        self.world.append(room)

    @initialize(
        started=st.sampled_from([True] * 7 + [False]),
        away=st.sets(somebody, max_size=1),
        seated=st.lists(st.sampled_from(PEOPLE[1:]), unique=True, max_size=3),
        cohosts=st.integers(0, 2),
    )
    def some_are_there(
        self, started: bool, away: set[UUID], seated: list[UUID], cohosts: int
    ) -> None:
        if not started:
            return
        self._press("start", ANA, ANA)
        for guest in PEOPLE:
            if guest not in away:
                self._press("join", guest, guest)
        for speaker in seated:
            self._press("promote", speaker, ANA)
        for speaker in seated[:cohosts]:
            self._press("appoint", speaker, ANA)

    @rule(
        button=st.sampled_from(PRESSED),
        who=somebody,
        asks=asker,
        anybody=somebody,
        seconds=st.sampled_from([0, 0, 0, 1, 30, 58, 60, 120, 300]),
        really=st.integers(0, 9),
    )
    def press(
        self, button: str, who: UUID, asks: str, anybody: UUID, seconds: int, really: int
    ) -> None:
        if button in RARE and really:
            return
        self.time += timedelta(seconds=seconds)
        if self.story and really % 2:
            button, asks = self.story[self.told % len(self.story)]
            self.told += 1
            self._press(button, CY, self._asker(asks, CY, anybody))
        else:
            asks = "anybody" if button in FINAL and really > 1 else asks
            who = self._worth_asking(button, who, really)
            self._press(button, who, self._asker(asks, who, anybody))
        type(self).steps += 1
        self.look()

    @rule(story=st.sampled_from(sorted(STORIES)), who=somebody, stops_after=st.integers(1, 6))
    def tell(self, story: str, who: UUID, stops_after: int) -> None:
        """Press several buttons in a row, as an evening goes, perhaps not to the end."""
        for button, asks, seconds in STORIES[story][:stops_after]:
            self.time += timedelta(seconds=seconds)
            whom = self.reference.host if asks == "of the host" else who
            self._press(button, whom, self._asker(asks, whom, who))
            type(self).steps += 1
        self.look()

    def _asker(self, asks: str, who: UUID, anybody: UUID) -> UUID:
        host, cohosts = self.reference.host, self.reference.cohosts
        cohost = cohosts[0] if cohosts else host
        return {"host": host, "cohost": cohost, "anybody": anybody}.get(asks, who)

    def _worth_asking(self, button: str, who: UUID, really: int) -> UUID:
        """Return somebody to whom a button applies, mostly: the others are drawn often enough."""
        wanted = self.reference
        concerned = {
            "unblock": wanted.blocked,
            "lift_removal": wanted.removed,
            "lower_hand": wanted.line,
            "unmute": wanted.stage,
            "dismiss": wanted.cohosts,
            "cancel_invitation": wanted.invited | wanted.offers.keys(),
            "decline_invitation": wanted.invited | wanted.offers.keys(),
            "accept_invitation": wanted.offers,
            "drop": wanted.stage if really % 2 else [],
            "join": wanted.kept_until,
            "lapse": wanted.kept_until,
            "expire": wanted.offers,
            "appoint": wanted.stage,
            "hand_over": wanted.stage,
        }.get(button, [])
        return sorted(concerned)[really % len(concerned)] if concerned and really > 1 else who

    def _press(self, button: str, who: UUID, by: UUID) -> None:
        yes, known = False, len(self.world.log)
        with suppress(Refusal):
            self.world.press(button, who, by, self.time)
            yes = True
        wanted = self.reference.press(button, who, by, self.time)
        assert yes == wanted, f"{button} is answered {yes}, the rules say {wanted}"
        assert yes or len(self.world.log) == known, f"{button} is refused, and recorded"
        type(self).agreed += yes
        self.seen.update(type(h).__name__ for h in self.world.log[known:])

    def look(self) -> None:
        """Compare everything, and hold every promise."""
        self.hold()
        compare(self.world, self.reference)

    def teardown(self) -> None:
        """Whoever comes later folds the log, or takes a snapshot and folds the rest."""
        room, parts = self.world.replayed()
        assert vars(room) == vars(self.world.room)
        for who, part in parts.items():
            assert vars(part) == vars(self.world.parts[who])
        half, whole = Stage(self.world.stage.room_id), self.world.stage
        middle = len(self.world.log) // 2
        for place, happened in enumerate(self.world.log, start=1):
            half.apply(happened, place)
            if place == middle:
                half = msgspec.msgpack.decode(msgspec.msgpack.encode(half), type=Stage)
        assert msgspec.structs.asdict(half) == msgspec.structs.asdict(whole)
