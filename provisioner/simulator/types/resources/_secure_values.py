"""The values of secure parameters: held in memory alone while a deployment runs, never stored.

In: values by the key of the deployment that runs with them. Out: the same, in this process only.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...arm.cloud import Cloud


class SecureValues:
    """Values of each running deployment; a companion of the cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._by_deployment: dict[str, Mapping[str, object]] = {}

    def keep(self, deployment_key: str, values: Mapping[str, object]) -> None:
        self._by_deployment[deployment_key] = values

    def of(self, deployment_key: str) -> Mapping[str, object]:
        """The values of a deployment; none when another process began it."""
        return self._by_deployment.get(deployment_key, {})

    def forget(self, deployment_key: str) -> None:
        self._by_deployment.pop(deployment_key, None)
