"""Identifiers: sortable inside, readable outside."""

import random
import time
from uuid import UUID

import pytest

from spaces_project.kernel.ids import ALPHABET, new_id, parse, public

SEED = 20
N = 2_000


def test_a_public_id_leads_back_to_its_uuid() -> None:
    chance = random.Random(SEED)
    for _ in range(N):
        found = UUID(int=chance.getrandbits(128))

        assert parse("room", public("room", found)) == found


def test_known_ids_look_as_typeid_writes_them() -> None:
    assert public("user", UUID("01890a5d-ac96-774b-bcce-b302099a8057")) == (
        "user_01h455vb4pex5vsknk084sn02q"
    )
    assert public("x", UUID(int=0)) == "x_" + "0" * 26
    assert public("x", UUID(int=2**128 - 1)) == "x_7" + "z" * 25


def test_ids_made_later_sort_later_inside_and_outside() -> None:
    made = []
    for _ in range(20):
        made.append(new_id())
        time.sleep(0.0015)

    assert made == sorted(made)
    assert [public("acc", each) for each in made] == sorted(public("acc", each) for each in made)
    assert {each.version for each in made} == {7}
    assert len({new_id() for _ in range(N)}) == N


@pytest.mark.parametrize(
    "text",
    [
        "",
        "room",
        "room_",
        "acc_01h455vb4pex5vsknk084sn02q",
        "room_01h455vb4pex5vsknk084sn02",
        "room_01h455vb4pex5vsknk084sn02qq",
        "room_81h455vb4pex5vsknk084sn02q",
        "room_01h455vb4pex5vsknk084sn0iq",
        "room_01H455VB4PEX5VSKNK084SN02Q",
        "room_01h455vb4pex5vsknk084sn02 ",
        "room_01h455vb4pex5vsknk084sn0\u0663q",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "room_" + "0" * 100_000,
    ],
)
def test_what_is_no_id_of_this_kind_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="identifier") as refused:
        parse("room", text)

    assert len(str(refused.value)) < 120


def test_no_changed_letter_goes_unnoticed() -> None:
    right = public("room", new_id())
    for place in range(len("room_"), len(right)):
        for letter in set(ALPHABET) - {right[place]}:
            changed = right[:place] + letter + right[place + 1 :]
            if changed[5] <= "7":
                assert parse("room", changed) != parse("room", right)
