"""The embedded cloud as the command line sets it up: its state file, its pace, its troubles.

In: options, and the environment where an option is not given. Out: the simulator's `Settings`, and a started
simulator. What goes wrong with its files becomes an error with an exit code.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..base import files
from ..base.diagnostics import ProvisionerError, SourceLocation, SpecError, UnreadableFileError, UsageError
from ..base.reporting import error

if TYPE_CHECKING:
    import ssl

    from ..simulator import Settings, Simulator
    from ..simulator.faults.yaml_node import Problem

STATE_VARIABLE = "PROVISIONER_LOCAL_STATE"
TIME_SCALE_VARIABLE = "PROVISIONER_LOCAL_TIME_SCALE"
FAULTS_VARIABLE = "PROVISIONER_LOCAL_FAULTS"
BAD_FAULTS = "PV9101"
_EVERY_KEY = "run `provisioner local faults` to print a file with every key"


@dataclass(frozen=True)
class Embedded:
    """What the user chose; None leaves the simulator's default."""

    state: Path
    time_scale: float | None = None
    faults: Path | None = None
    enforce_rbac: bool = False
    owners: tuple[str, ...] = ()
    page_size: int | None = None

    def settings(self) -> Settings:
        """The simulator's settings.

        Raises:
            UnreadableFileError, SpecError: the faults file cannot be read, or has mistakes.
        """
        from ..simulator import Settings

        settings = Settings(state_path=self.state, enforce_rbac=self.enforce_rbac, owners=frozenset(self.owners))
        if self.time_scale is not None:
            settings = replace(settings, time_scale=self.time_scale)
        if self.page_size is not None:
            settings = replace(settings, page_size=self.page_size)
        return settings if self.faults is None else _with_faults(settings, self.faults)


def add_state(parser: argparse.ArgumentParser, *, short: bool = False) -> None:
    """The option that names the state file; the local commands take `--state` for it too."""
    names = ("--local-state", "--state") if short else ("--local-state",)
    parser.add_argument(
        *names,
        dest="local_state",
        metavar="FILE",
        help=f"where --cloud local keeps its state (or {STATE_VARIABLE})",
    )


def add_behaviour(parser: argparse.ArgumentParser) -> None:
    """The options that say how the embedded cloud behaves."""
    parser.add_argument(
        "--time-scale",
        metavar="X",
        help=(
            "seconds per second in Azure: 1 is Azure's own pace, 0 completes each operation immediately "
            f"(default 0.01, or {TIME_SCALE_VARIABLE}); --cloud local only"
        ),
    )
    parser.add_argument(
        "--faults",
        metavar="FILE",
        help=(
            "faults for the simulator to inject: throttling, errors, drops, lag, quotas; `provisioner "
            f"local faults` prints an example (or {FAULTS_VARIABLE}); --cloud local only"
        ),
    )


def chosen(arguments: argparse.Namespace) -> Embedded:
    """What options and environment say.

    Raises:
        UsageError: a number that is none.
    """
    return Embedded(
        state=state_file(arguments.local_state),
        time_scale=_time_scale(getattr(arguments, "time_scale", None)),
        faults=_faults(getattr(arguments, "faults", None)),
        enforce_rbac=getattr(arguments, "enforce_rbac", False),
        owners=tuple(getattr(arguments, "owner", ())),
        page_size=getattr(arguments, "page_size", None),
    )


def state_file(argument: str | None) -> Path:
    """The state file of the embedded cloud."""
    given = argument or os.environ.get(STATE_VARIABLE)
    if given:
        return files.at_home(given)
    return files.state_folder() / "local-cloud.sqlite"


def _time_scale(argument: str | None) -> float | None:
    name, text = "--time-scale", argument
    if text is None:
        name, text = TIME_SCALE_VARIABLE, os.environ.get(TIME_SCALE_VARIABLE) or None
    if text is None:
        return None
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not 0 <= scale <= 1000:
        raise UsageError(f"{name} {text}: write a number from 0 to 1,000, such as 0.01")
    return scale


def _faults(argument: str | None) -> Path | None:
    given = argument or os.environ.get(FAULTS_VARIABLE)
    return files.at_home(given) if given else None


def _with_faults(settings: Settings, file: Path) -> Settings:
    from ..simulator.faults.apply import applied
    from ..simulator.faults.reading import FaultsError, parse_faults

    try:
        text = files.read(file, files.MAX_TEXT_BYTES)
    except OSError as why:
        raise UnreadableFileError(f"{file}: {why.strerror or why}") from why
    try:
        return applied(parse_faults(text, str(file)), settings)
    except FaultsError as refused:
        lines = text.decode(errors="replace").splitlines()
        raise SpecError(
            [
                error(BAD_FAULTS, one.message, _place(file, one, lines), hint=one.hint or _EVERY_KEY)
                for one in refused.problems
            ]
        ) from refused


def _place(file: Path, one: Problem, lines: list[str]) -> SourceLocation:
    return SourceLocation(str(file), one.line, one.column, lines[one.line - 1] if one.line <= len(lines) else "")


@contextlib.contextmanager
def told(state: Path | None) -> Iterator[None]:
    """Turn what goes wrong with the state file into an error for the user.

    Raises:
        UnreadableFileError: it cannot be opened or made, or is no state file.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise unusable(state, error) from error


def unusable(state: Path | None, error: OSError | sqlite3.Error) -> UnreadableFileError:
    """The error for a state file that cannot be used."""
    if isinstance(error, OSError):
        return UnreadableFileError(f"the state of the simulator, {state}: {error.strerror or error}")
    hint = (
        "check that it is a state file of the simulator and that you can write to it, or choose another "
        "with --local-state"
    )
    return UnreadableFileError(f"the state of the simulator, {state}: {error}; {hint}")


@contextlib.asynccontextmanager
async def started(
    settings: Settings, port: int = 0, ssl_context: ssl.SSLContext | None = None
) -> AsyncIterator[Simulator]:
    """A running simulator; port 0 takes a free one.

    Raises:
        UnreadableFileError: its state cannot be opened.
        ProvisionerError: its port cannot be had.
    """
    from ..simulator import Simulator

    async with contextlib.AsyncExitStack() as stack:
        try:
            with told(settings.state_path):
                _prepare(settings.state_path)
            simulator = await stack.enter_async_context(Simulator.start(settings, port=port, ssl_context=ssl_context))
        except sqlite3.Error as error:
            raise unusable(settings.state_path, error) from error
        except OSError as error:
            raise ProvisionerError(f"the simulator cannot listen: {error.strerror or error}") from error
        yield simulator


def _prepare(state: Path | None) -> None:
    if state is None:
        return
    state.parent.mkdir(parents=True, exist_ok=True)
    if state.is_dir():
        raise IsADirectoryError(0, "is a directory")
