"""The numbers of a room: each is a setting, whose default stands here."""

from collections.abc import Mapping

import msgspec


class Rules(msgspec.Struct, frozen=True):
    """How much, how many and how long (``_s``: seconds).

    :param longest_title: and the other texts, in characters.
    :param most_invited_at_once: people in one call.
    :param most_listeners: of whom there may be inside; 0: as many as come.
    :param host_seat_kept_s: how long a host may be away before the first co-host takes over.
    :param abandoned_room_s: how long a room goes on without a host, and without a co-host.
    :param big_room: from so many listeners on, sockets are told counts instead of names.
    :param connection_grace_s: how long somebody whose last connection was closed stays inside.
    :param process_lease_s: how long the connections of a process that says nothing more count.
    :param request_lease_s: how long somebody who only sends requests counts as connected.
    """

    longest_title: int = 70
    longest_description: int = 1000
    most_topics: int = 3
    most_pins: int = 5
    longest_pin: int = 280
    most_invited_at_once: int = 100
    most_listeners: int = 0
    speak_invitation_s: int = 60
    ask_again_after_withdrawing_s: int = 60
    ask_again_after_refusal_s: int = 300
    speaker_seat_kept_s: int = 60
    host_seat_kept_s: int = 120
    abandoned_room_s: int = 600
    empty_room_s: int = 300
    longest_room_s: int = 12 * 3600
    end_warning_s: int = 900
    reactions_most: int = 5
    reactions_window_s: int = 5
    reaction_shown_s: int = 5
    big_room: int = 1000
    connection_grace_s: int = 10
    process_lease_s: int = 8
    request_lease_s: int = 90


DEFAULTS = Rules()


def rules_from(environment: Mapping[str, str]) -> Rules:
    """Return the rules that an operator set: ``SPACES_`` and the name in capitals.

    :raises ValueError: names the variable that is no whole number, or below 0.
    """
    wished: dict[str, int] = {}
    for name in Rules.__struct_fields__:
        variable = f"SPACES_{name.upper()}"
        if variable in environment:
            if not environment[variable].isdecimal():
                raise ValueError(f"{variable} must be a whole number, 0 or more.")
            wished[name] = int(environment[variable])
    return Rules(**wished)
