"""What a deployment keeps, hidden, while it runs: its template and values, and how far each of its resources is.

In: the hidden part of a deployment. Out: `DeploymentRecord`, and the hidden part again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from ...json_values import Json
from ...protocol.wire import Caller


@dataclass(kw_only=True)
class Progress:
    """How far one resource is.

    Attributes:
        operation: ID of the operation that writes it.
        began_at, ended_at: seconds since the epoch.
        attempts: how often it was refused with an error that passes.
        not_before: when it is tried again, in seconds since the epoch.
        status, error: how it was answered.
    """

    state: Literal["Waiting", "Running", "Succeeded", "Failed", "NotRun"] = "Waiting"
    operation: str | None = None
    began_at: float = 0.0
    ended_at: float | None = None
    attempts: int = 0
    not_before: float = 0.0
    status: int = 200
    error: Mapping[str, object] = field(default_factory=dict)

    def fail(self, status: int, error: Mapping[str, object], moment: float) -> None:
        self.state, self.status, self.error, self.ended_at = "Failed", status, error, moment


@dataclass(frozen=True, kw_only=True)
class DeploymentRecord:
    """One deployment.

    Attributes:
        values: parameters by name, without secure ones.
        waits: for each resource (by ID) the IDs it waits for.
        progress: by ID.
        targets: type and name of each resource that is wanted, by ID, in the order of the template.
        caller: who deploys; resources are written in this name.
        began_at: seconds since the epoch.
    """

    template: Json
    values: Json
    waits: Mapping[str, Sequence[str]]
    progress: Mapping[str, Progress]
    targets: Mapping[str, Sequence[str]]
    caller: Caller
    began_at: float

    @classmethod
    def from_hidden(cls, hidden: Json) -> DeploymentRecord:
        return cls(
            template=hidden["template"],
            values=hidden["values"],
            waits=hidden["waits"],
            progress={step_id: Progress(**one) for step_id, one in hidden["progress"].items()},
            targets=hidden["targets"],
            caller=Caller(**hidden["caller"]),
            began_at=hidden["began_at"],
        )

    def to_hidden(self) -> Json:
        return asdict(self)

    def progress_to_hidden(self) -> Json:
        """The only part that changes while it runs: a template may be large, and is looked at often."""
        return {step_id: asdict(progress) for step_id, progress in self.progress.items()}
