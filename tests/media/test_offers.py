"""What may be offered (promise M-04)."""

import random

import pytest

from media.allowance import MinuteAllowance
from media.domain.errors import (
    FragmentIsMalformed,
    OfferIsMalformed,
    OfferIsTooLarge,
    TooManyOffers,
)
from media.domain.limits import CANDIDATES, OFFER_BYTES
from media.sdp.answer import Here, write_answer
from media.sdp.fragment import read_ufrag, write_restart
from media.sdp.offer import Kind, read_offer
from media.transport.adapter import parse_description
from media.transport.ice import Credentials
from spaces_project.kernel.refusals import Refusal
from tests.media.fakes import ANA, BO
from tests.media.offers import an_offer

HERE = Here("127.0.0.1", 4000)
CANDIDATE = "a=candidate:1 1 udp 2130706431 10.1.2.3 5000 typ host"


def answer_to(sdp: str, kind: Kind = Kind.WHIP) -> str:
    return write_answer(
        read_offer(sdp.encode(), kind),
        kind,
        credentials=Credentials("us", "secret"),
        here=HERE,
        fingerprint="AB:CD",
        ssrc=7,
    )


def test_an_offer_like_chromiums_is_read() -> None:
    offer = read_offer(an_offer(CANDIDATE).encode(), Kind.WHIP)

    assert (offer.mid, offer.payload_type, offer.direction) == ("0", 111, "sendrecv")


def test_the_answer_is_lite_passive_and_asks_for_redundancy() -> None:
    answer = answer_to(an_offer())

    lines = {"a=ice-lite", "a=setup:passive", "a=rtcp-mux", "a=sendrecv", "a=ssrc:7 cname:room"}
    assert lines <= set(answer.splitlines())
    assert "useinbandfec=1" in answer
    assert "a=candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host" in answer
    assert parse_description(answer).media[0].kind == "audio"


def test_a_peer_that_insists_on_being_the_dtls_server_is_it() -> None:
    offer = an_offer().replace("a=setup:actpass", "a=setup:passive")

    assert "a=setup:active" in answer_to(offer).splitlines()


def test_the_payload_type_of_the_offer_is_kept() -> None:
    assert "a=rtpmap:96 opus/48000/2" in answer_to(an_offer(payload_type=96))


def test_a_listener_only_receives_and_a_publisher_may_only_send() -> None:
    assert "a=sendonly" in answer_to(an_offer(direction="recvonly"), Kind.WHEP).splitlines()
    assert "a=recvonly" in answer_to(an_offer(direction="sendonly"), Kind.WHIP).splitlines()
    with pytest.raises(OfferIsMalformed):
        answer_to(an_offer(direction="recvonly"), Kind.WHIP)
    with pytest.raises(OfferIsMalformed):
        answer_to(an_offer(direction="sendonly"), Kind.WHEP)


def test_what_the_client_names_is_not_answered() -> None:
    assert "10.1.2.3" not in answer_to(an_offer(CANDIDATE))


def test_32_kib_are_read_and_one_byte_more_is_not() -> None:
    short = an_offer()
    filler = "a=x:" + "y" * (OFFER_BYTES - len(short) - 6)
    whole = an_offer(filler)
    assert len(whole) == OFFER_BYTES
    read_offer(whole.encode(), Kind.WHIP)

    with pytest.raises(OfferIsTooLarge):
        read_offer(whole.encode() + b"\n", Kind.WHIP)


def test_twenty_candidates_are_read_and_one_more_is_not() -> None:
    read_offer(an_offer(*[CANDIDATE] * CANDIDATES).encode(), Kind.WHIP)

    with pytest.raises(OfferIsMalformed, match="20 candidates"):
        read_offer(an_offer(*[CANDIDATE] * (CANDIDATES + 1)).encode(), Kind.WHIP)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("a=rtcp-mux", "a=y"),
        ("a=setup:actpass", "a=y"),
        ("opus/48000/2", "opus/8000/2"),
        ("a=ice-ufrag:abcd", "a=ice-ufrag:a"),
        ("a=ice-pwd:abcdefghijklmnopqrstuv", "a=ice-pwd:short"),
        ("sha-256 AB", "md5 AB"),
        ("sha-256 AB", "sha-256 ZZ"),
        ("m=audio 9", "m=audio 0"),
        ("m=audio 9", "m=video 9"),
        ("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        ("a=mid:0", "a=mid:\x01"),
        ("v=0", "hello"),
        ("a=group:BUNDLE 0", "a=group:BUNDLE \0"),
        ("a=rtpmap:0 PCMU/8000", "m=audio 9 UDP/TLS/RTP/SAVPF 111"),
        ("a=rtpmap:0 PCMU/8000", "m=video 9 UDP/TLS/RTP/SAVPF 96"),
    ],
)
def test_anything_else_is_refused(was: str, becomes: str) -> None:
    assert was in an_offer()
    with pytest.raises(OfferIsMalformed):
        read_offer(an_offer().replace(was, becomes).encode(), Kind.WHIP)


def test_mutated_offers_are_answered_or_refused_never_anything_else() -> None:
    seed, answered, refused = 5, 0, 0
    chance = random.Random(seed)
    for _ in range(3_000):
        body = bytearray(an_offer(CANDIDATE).encode())
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            match chance.randrange(4):
                case 0:
                    body[at] = chance.randrange(256)
                case 1:
                    del body[at : at + chance.randrange(1, 30)]
                case 2:
                    body[at:at] = chance.randbytes(3)
                case _:
                    body[at:at] = body[chance.randrange(len(body)) :][:40]
        try:
            read_offer(bytes(body), Kind.WHIP)
        except Refusal:
            refused += 1
        else:
            answered += 1
    print(f"seed {seed}: {answered} answered, {refused} refused")
    assert answered
    assert refused


def test_a_fragment_names_the_new_credentials_or_none() -> None:
    assert read_ufrag(b"a=ice-ufrag:wxyz\r\na=ice-pwd:x\r\n") == "wxyz"
    assert read_ufrag(b"a=candidate:1 1 udp 1 10.0.0.1 1 typ host\r\n") is None
    for broken in (b"\xff\xfe", b"x" * (OFFER_BYTES + 1)):
        with pytest.raises(FragmentIsMalformed):
            read_ufrag(broken)


def test_a_restart_is_answered_with_a_fragment() -> None:
    fragment = write_restart(Credentials("new", "pwd"), HERE, mid="0", payload_type=111)

    assert "a=ice-ufrag:new" in fragment.splitlines()
    assert "a=ice-lite" in fragment.splitlines()


def test_six_offers_a_minute_are_fine_and_one_more_is_not() -> None:
    allowance = MinuteAllowance()
    for second in range(6):
        allowance.take(ANA, second)

    with pytest.raises(TooManyOffers) as refusal:
        allowance.take(ANA, 10)
    assert refusal.value.facts["retry_after_s"] == 50
    allowance.take(BO, 10)
    allowance.take(ANA, 60)


def test_who_has_been_quiet_is_forgotten() -> None:
    allowance = MinuteAllowance()
    allowance.take(ANA, 0)

    allowance.sweep(61)

    assert allowance._asked == {}
