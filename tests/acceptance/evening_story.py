"""What the whole evening's history has to tell."""

from typing import Final

STORY: Final = [
    "{ana} opened the room “An evening of tea”.",
    "{ana} let the room go live.",
    "{ana} called the room “Tea, and nothing but tea”.",
    "{ana} pinned: How to brew a pot",
    "{ana} invited Cy.",
    "{ana} invited all followers.",
    "Cy declined to come.",
    "{ana} took Cy's invitation back.",
    "{bo} came in.",
    "{bo} asked to speak.",
    "{bo} lowered the hand.",
    "{bo} asked to speak.",
    "{ana} brought {bo} onto the stage.",
    "{bo} opened the microphone.",
    "{ana} invited Cy to speak.",
    "Cy would rather listen.",
    "{ana} took the invitation to speak back from Cy.",
    "Cy did not answer the invitation to speak.",
    "Cy agreed to speak.",
    "Cy stepped down.",
    "{ana} muted Cy.",
    "{ana} moved Cy to the audience.",
    "Cy is away; the seat is kept.",
    "Cy is back in the same seat.",
    "Cy did not come back; the seat is free.",
    "{ana} let Cy come in again.",
    "Cy left.",
    "{ana} blocked Cy.",
    "{ana} unblocked Cy.",
    "{ana} made {bo} a co-host.",
    "{ana} dismissed {bo} as a co-host.",
    "{ana} made {bo} the host.",
    "{bo} is away; the seat is kept.",
    "{bo} did not come back; {ana} hosts now.",
    "{ana} ended the room.",
]


def assert_told_in_this_order(told: list[str]) -> None:
    """Look for each sentence behind the one before it; others may stand between."""
    names = {"ana": told[0].partition(" opened")[0], "bo": "Bo Lindqvist"}
    rest = iter(told)
    for sentence in STORY:
        wanted = sentence.format(**names)
        assert any(each == wanted for each in rest), f"not told, or not there: {wanted}"
