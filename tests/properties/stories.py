"""Short stories of an evening: which buttons are pressed in a row, by whom, how many s later."""

from typing import Final

HOST, COHOST, SELF, OF_HOST = "host", "cohost", "the same", "of the host"

STORIES: Final[dict[str, list[tuple[str, str, int]]]] = {
    "somebody is asked onto the stage": [
        ("invite_to_speak", HOST, 1), ("accept_invitation", SELF, 30), ("unmute", SELF, 1),
        ("mute_all", HOST, 1), ("demote", HOST, 1),
    ],
    "somebody would rather listen": [
        ("invite_to_speak", COHOST, 1), ("decline_invitation", SELF, 1),
        ("invite_to_speak", HOST, 1), ("cancel_invitation", COHOST, 1),
    ],
    "nobody answers": [
        ("invite_to_speak", HOST, 1), ("expire", SELF, 57), ("expire", SELF, 1),
        ("accept_invitation", SELF, 2),
    ],
    "a speaker drops and comes back": [
        ("join", SELF, 1), ("promote", HOST, 1), ("unmute", SELF, 1), ("drop", SELF, 1),
        ("lapse", SELF, 30), ("join", SELF, 1),
    ],
    "a speaker drops and does not come back": [
        ("join", SELF, 1), ("promote", HOST, 1), ("drop", SELF, 1), ("drop", SELF, 1),
        ("lapse", SELF, 58), ("join", SELF, 1),
    ],
    "the host drops, and a co-host takes over": [
        ("join", SELF, 1), ("promote", HOST, 1), ("appoint", HOST, 1), ("drop", OF_HOST, 1),
        ("succeed", SELF, 60), ("succeed", SELF, 60),
    ],
    "the room is handed over": [
        ("join", SELF, 1), ("promote", HOST, 1), ("hand_over", HOST, 1), ("dismiss", HOST, 1),
    ],
    "a private room": [
        ("invite", HOST, 1), ("audience_invited", HOST, 1), ("leave", SELF, 1),
        ("accept_invitation", SELF, 1), ("cancel_invitation", HOST, 1), ("leave", SELF, 1),
    ],
    "somebody is put out and let back": [
        ("remove", COHOST, 1), ("join", SELF, 1), ("lift_removal", HOST, 1), ("join", SELF, 1),
    ],
    "somebody is blocked and let back": [
        ("block", HOST, 1), ("join", SELF, 1), ("unblock", HOST, 1), ("join", SELF, 1),
    ],
    "a hand is refused": [
        ("raise_hand", SELF, 1), ("lower_hand", HOST, 1), ("raise_hand", SELF, 298),
        ("raise_hand", SELF, 2),
    ],
    "doors are opened again": [
        ("audience_public", HOST, 1), ("speak_everyone", HOST, 1), ("join", SELF, 1),
    ],
}  # fmt: skip
