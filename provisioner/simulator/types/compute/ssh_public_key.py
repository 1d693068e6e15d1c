"""Microsoft.Compute/sshPublicKeys: REST reference "SSH Public Keys", 2024-07-01.

Synchronous. A resource may be made without a key; `generateKeyPair` then makes one and answers the private half,
once: it is not kept. That an existing key is replaced by generating again, and the wordings, are not verified.
"""

from __future__ import annotations

import base64

from ...arm.resource_write import ResourceWrite
from ...description.body import Body
from ...description.hooks import Action, WriteHooks
from ...description.names import NameRule
from ...description.resource_type import ResourceType
from ...protocol.wire import Response
from ._shared import ANSWERS, invalid_value

KEY_TYPES = frozenset({"ssh-rsa", "ssh-ed25519"})
RSA_BITS = 3072
"""What Azure generates ("Generate and store SSH keys with the Azure CLI")."""


def validate(change: ResourceWrite) -> None:
    key = change.properties.get("publicKey")
    if key is not None and not _is_key(str(key)):
        raise invalid_value("properties.publicKey")


def _is_key(text: str) -> bool:
    words = text.split()
    if len(words) < 2 or words[0] not in KEY_TYPES:
        return False
    try:
        # A key begins with the length of its type's name in four bytes, and the name (RFC 4253, section 6.6).
        return base64.b64decode(words[1], validate=True)[4:].startswith(words[0].encode())
    except ValueError:
        return False


def _generate(change: ResourceWrite) -> Response:
    kind = str(change.sent.get("encryptionType") or "RSA").lower()
    if kind not in ("rsa", "ed25519"):
        raise invalid_value("encryptionType")
    private, public = _new_pair(kind)
    change.properties["publicKey"] = public
    return Response(200, {"privateKey": private, "publicKey": public, "id": change.id})


def _new_pair(kind: str) -> tuple[str, str]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    key = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else rsa.generate_private_key(65537, RSA_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return private.decode(), f"{public.decode()} generated-by-azure"


TYPES = (
    ResourceType(
        type="Microsoft.Compute/sshPublicKeys",
        name=NameRule(pattern=r"[A-Za-z0-9_.-]+", longest=128),
        body=Body(
            model="azure.mgmt.compute.models:SshPublicKeyResource",
        ),
        answers=ANSWERS,
        actions={"generatekeypair": Action(run=_generate)},
        on_write=WriteHooks(validate=validate),
    ),
)
