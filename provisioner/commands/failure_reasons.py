"""What Azure says of things that failed, without the secrets that it repeats.

In: what refresh read and the spec's secrets. Out: the same, those struck from the instance views that a plan quotes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..base.values import Body, Secret, leaves
from ..resources import provisioning_state
from ..resources.actual_state import ActualState
from ..resources.resource import Resource
from ..spec.model import Spec
from ..spec.secrets.secrets import Secrets
from . import vault_secrets
from .session import Session


async def without_secrets(
    actual: ActualState, resources: Iterable[Resource], secrets: Secrets, spec: Spec, session: Session
) -> ActualState:
    """Secrets are read only where something failed; one that cannot be read is not known, and stays."""
    failed = {key: body for key, body in actual.bodies.items() if provisioning_state.has_failed(body) and _view(body)}
    if not failed:
        return actual
    names = {leaf.name for item in resources for leaf in leaves(item.body) if isinstance(leaf, Secret)}
    await vault_secrets.fetch(secrets, names, spec, session)
    secrets.missing(names)
    return replace(actual, bodies={**actual.bodies, **{key: _clean(body, secrets) for key, body in failed.items()}})


def _view(body: Body) -> object:
    return body["properties"].get("instanceView")


def _clean(body: Body, secrets: Secrets) -> Body:
    return {**body, "properties": {**body["properties"], "instanceView": _struck(_view(body), secrets)}}


def _struck(value: object, secrets: Secrets) -> object:
    if isinstance(value, str):
        return secrets.redact(value)
    if isinstance(value, dict):
        return {key: _struck(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_struck(item, secrets) for item in value]
    return value
