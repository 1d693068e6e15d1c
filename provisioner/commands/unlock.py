"""``unlock``: who holds a deployment's lock, and take it from them."""

from __future__ import annotations

import argparse

from ..base import arm_id
from ..execution.deployment_lock import lock, lock_info
from . import consent, context, interruption, locking, options
from .asking import asked

HELP = "show who holds a deployment's lock, and remove it"
EXAMPLES = (
    "examples:\n"
    "  provisioner unlock web.yaml                                   shows who holds it, and asks\n"
    "  provisioner unlock web.yaml --yes                             removes it without asking\n"
    "\n"
    "Use it only if a run is dead and its lock has not expired: a lock expires five minutes after its "
    "last renewal.\n"
    "If a live run loses its lock, it starts nothing new."
)


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    parser.add_argument("--yes", action="store_true", help="don't ask for approval")


def run(arguments: argparse.Namespace) -> int:
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with context.opened(arguments) as opened:
        deployment, locks = opened.loaded.spec.deployment, opened.session.operations.locks
        group_id = locking.group_of(opened)
        where = (arm_id.parse(group_id).name if group_id else "", lock_info.name(deployment))
        found = await locks.read(*where) if group_id else None
        if found is None or found.is_going or lock_info.read_holder(found.tags).is_let_go:
            print(f"The deployment {deployment} is not locked.")
            return 0
        print(f"{deployment} is locked: {lock_info.read_holder(found.tags)}.", flush=True)
        if not arguments.yes and not asked("Remove the lock?"):
            return consent.REFUSED
        await lock.end(locks, where, found)
    print("The lock is removed.")
    return 0
