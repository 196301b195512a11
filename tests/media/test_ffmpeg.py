"""FFmpeg publishes: another WHIP, DTLS (it insists on being the server) and SRTP, in stereo."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from spaces_project.kernel.ids import public
from tests.media.fakes import ANA, BO, FakeStageFeed, token_of
from tests.media.peers import Peer, a_node
from tests.media.speech import RATE, likeness_by_part, speech

PROJECT = Path(__file__).resolve().parents[2]


def write_certificate(folder: Path) -> None:
    """FFmpeg's own is on a curve (secp224r1) that OpenSSL refuses."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ana")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.mark.slow
@pytest.mark.alone
async def test_a_listener_hears_what_ffmpeg_publishes(feed: FakeStageFeed, tmp_path: Path) -> None:
    write_certificate(tmp_path)
    feed.seat(ANA)
    async with a_node(feed) as node:
        bo = Peer(node, BO, feed.room_id)
        await bo.listen()
        room = public("room", feed.room_id)
        url = f"http://127.0.0.1:{node.ports.http}/api/v1/rooms/{room}/whip"
        words = ["-m", "tests.media.ffmpeg_publisher", url, token_of(ANA), str(tmp_path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}
        )
        status = await asyncio.wait_for(process.wait(), 40)
        parts = likeness_by_part(speech()[RATE : RATE * 5], bo.arrived_since(0))
        await bo.close()

    found = float(np.median([part.alike for part in parts]))
    print(f"likeness {found:.2f}")
    assert status == 0
    assert found >= 0.6
