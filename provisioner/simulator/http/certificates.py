"""A throw-away certificate authority, and the server certificate that it signs, for TLS on loopback.

In: a folder. Out: PEM files in it, made once and used again while they are valid. The authority's own key is dropped
as soon as it has signed: nobody can sign anything else with it. Key files are for their owner alone (0600).
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR = datetime.timedelta(days=365)
RENEWED_BEFORE = datetime.timedelta(days=7)
CLOCK_SKEW = datetime.timedelta(days=1)
ADDRESSES = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Certificates:
    """Paths: what clients trust, what the server shows, and its key."""

    authority: Path
    server: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.server, self.key)
        return context


def certificates(folder: Path, now: datetime.datetime | None = None) -> Certificates:
    """The certificates in a folder, made anew when they are missing, spoilt, or about to expire.

    Raises:
        OSError: the folder cannot be written.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    found = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    if not _is_good(found, now):
        _make(found, now)
    return found


def _is_good(found: Certificates, now: datetime.datetime) -> bool:
    try:
        authority = x509.load_pem_x509_certificate(found.authority.read_bytes())
        server = x509.load_pem_x509_certificate(found.server.read_bytes())
        server.verify_directly_issued_by(authority)
        found.server_context()
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    return all(
        one.not_valid_before_utc <= now < one.not_valid_after_utc - RENEWED_BEFORE for one in (authority, server)
    )


def _make(to: Certificates, now: datetime.datetime) -> None:
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("provisioner: temporary authority of the simulator")
    authority = (
        _begun(issuer, issuer, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(address)) for address in ADDRESSES]
    server = (
        _begun(_name("localhost"), issuer, key.public_key(), now)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )  # fmt: skip
    folder = to.key.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(to.key, private, 0o600)
    _write(to.server, server.public_bytes(serialization.Encoding.PEM), 0o644)
    _write(to.authority, authority.public_bytes(serialization.Encoding.PEM), 0o644)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and never readable by others on the way."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    part.replace(path)
