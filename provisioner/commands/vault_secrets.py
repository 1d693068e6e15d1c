"""The secrets that an apply needs from key vaults: each read once, all at the same time."""

from __future__ import annotations

import asyncio

from ..azure import key_vault
from ..spec.model import Spec
from ..spec.secrets import vaults
from ..spec.secrets.secrets import Secrets
from .session import Session


async def fetch(secrets: Secrets, names: set[str], spec: Spec, session: Session) -> None:
    """Hand over what key vaults hold of these secrets; what they do not is told by ``secrets.missing``."""
    places = {name: vaults.of(spec, spec.secrets[name]) for name in secrets.in_vaults(names)}
    wanted = list(dict.fromkeys(places.values()))
    reads = [key_vault.read(one, session.cloud, session.credential, session.deployer) for one in wanted]
    answers = await asyncio.gather(*reads, return_exceptions=True)
    found = dict(zip(wanted, answers, strict=True))
    for name, place in places.items():
        answer = found[place]
        if isinstance(answer, key_vault.VaultError):
            secrets.give_up(name, answer.reason, answer.hint, answer.is_missing)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            secrets.hand_over(name, answer)
