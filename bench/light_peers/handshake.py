"""The client side of DTLS-SRTP (RFC 5764): keys for both directions, in memory."""

from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy, Session

_MTU: Final = 1200
_READ_BYTES: Final = 1500
_EXPORT_LABEL: Final = b"EXTRACTOR-dtls_srtp"
_REPLAY_WINDOW: Final = 1024  # packets; only a share of them is decrypted

# The profile, the bytes of its key and of its salt (RFC 5764, 4.1.2; RFC 7714, 14.2).
_PROFILES: Final = {
    b"SRTP_AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}


class Certificate:
    """A certificate, shared by all peers of a process: making one takes longer than joining."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "light peer")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = _fingerprint(certificate)
        self.context = SSL.Context(SSL.DTLS_METHOD)
        # Every certificate signs itself here; the fingerprint in the description decides.
        self.context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        self.context.use_certificate(certificate)
        self.context.use_privatekey(key)
        self.context.set_tlsext_use_srtp(b":".join(_PROFILES))


class Handshake:
    """One association; datagrams in by ``take``, datagrams out by ``outgoing``."""

    def __init__(self, certificate: Certificate, peer_fingerprint: str) -> None:
        self.profile = ""
        self._peer_fingerprint = peer_fingerprint
        self._connection = SSL.Connection(certificate.context, None)
        self._connection.set_connect_state()
        self._connection.set_ciphertext_mtu(_MTU)

    def advance(self) -> tuple[Session, Session] | None:
        """Go as far as possible; return the sessions to and from the peer once it is done.

        :raises ValueError: if the server is not the one of the description.
        """
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return None
        except SSL.Error as error:
            raise ValueError(f"the DTLS handshake failed: {error}") from error
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or _fingerprint(certificate) != self._peer_fingerprint.upper():
            raise ValueError("the server has another certificate than its description says")
        return self._sessions()

    def take(self, datagram: bytes) -> None:
        """Take one DTLS record from the peer."""
        self._connection.bio_write(datagram)

    def retransmit(self) -> None:
        """Repeat the last flight if it is time to."""
        left_s = self._connection.DTLSv1_get_timeout()
        if left_s is not None and left_s <= 0:
            self._connection.DTLSv1_handle_timeout()

    def outgoing(self) -> list[bytes]:
        """Return what is to be sent now."""
        datagrams: list[bytes] = []
        while True:
            try:
                datagrams.append(self._connection.bio_read(_READ_BYTES))
            except SSL.WantReadError:
                return datagrams

    def _sessions(self) -> tuple[Session, Session]:
        name = self._connection.get_selected_srtp_profile()
        self.profile = name.decode()
        profile, key, salt = _PROFILES[name]
        keys = self._connection.export_keying_material(_EXPORT_LABEL, 2 * (key + salt))
        ours = keys[:key] + keys[2 * key : 2 * key + salt]
        theirs = keys[key : 2 * key] + keys[2 * key + salt :]
        outbound = Policy(ours, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)
        inbound = Policy(theirs, Policy.SSRC_ANY_INBOUND, srtp_profile=profile)
        inbound.window_size = _REPLAY_WINDOW
        return Session(outbound), Session(inbound)


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
