"""VM extension. REST: https://learn.microsoft.com/rest/api/compute/virtual-machine-extensions (2024-11-01 and later).

Those of one machine are installed one after another: the agent refuses a second one while it works."""

from __future__ import annotations

import base64
import functools
import heapq
from collections.abc import Mapping, Sequence

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import GOES, Import, Leaving, Operations, Repair, Replacement, Rules, Schema, Timing
from ..kind import Kind
from ._bodies import COMPUTE_LEAST_POLL_S, EVERYWHERE_READ_ONLY, compact, literal, place, unless

RETIRED = ("microsoft.managedidentity", "managedidentityextensionforlinux", "managedidentityextensionforwindows")


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    machine = entry.parent
    assert machine is not None
    if data["publisher"].lower() == RETIRED[0] and data["type"].lower() in RETIRED[1:]:
        context.warning(
            "PV2601",
            f"the extension {data['type']} is retired",
            "type",
            reason=(
                "The instance metadata service (169.254.169.254) provides tokens without it. New regions "
                "refuse the extension."
            ),
            hint="delete this extension",
        )
    settings = literal(context.interpolate(data.get("settings"), "settings"))
    protected = _files(data.get("protected_settings"), context, ("protected_settings",))
    return {
        **place(machine, context),
        "properties": compact(
            {
                "publisher": data["publisher"],
                "type": data["type"],
                "typeHandlerVersion": data["version"],
                "autoUpgradeMinorVersion": data.get("auto_upgrade_minor_version", True),
                "enableAutomaticUpgrade": data.get("automatic_upgrade"),
                "settings": settings,
                "protectedSettings": literal(context.interpolate(protected, "protected_settings")),
            }
        ),
    }


def _files(value: object, context: Context, at: tuple[str | int, ...]) -> object:
    """``{file: path, encoding: base64}`` inside the protected settings becomes the file's content."""
    if isinstance(value, Mapping):
        if "file" in value and set(value) <= {"file", "encoding"}:
            text = context.read_text({"file": value["file"]}, *at)
            if value.get("encoding") != "base64":
                return text
            return base64.b64encode(text.replace("$${", "${").encode()).decode()
        return {key: _files(item, context, (*at, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_files(item, context, (*at, index)) for index, item in enumerate(value)]
    return value


def after(entry: Entry) -> tuple[str, ...]:
    """The extension that is installed before this one."""
    assert entry.parent is not None
    earlier = _earlier(entry.parent)[entry.key]
    return (f"{entry.parent.address}/extensions/{earlier}",) if earlier else ()


# Entries are resolved machine by machine, so that the last one is enough.
@functools.lru_cache(maxsize=1)
def _earlier(machine: Entry) -> dict[str, str]:
    """For each extension of a machine the one before it: in the spec's order, moved back only as far as ``after`` asks;
    those of a cycle are last.
    """
    extensions = machine.data.get("extensions", {})
    keys = list(extensions)
    known = frozenset(keys)
    before = {key: ({*_before(extensions[key])} & known) - {key} for key in keys}
    behind: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        for other in before[key]:
            behind.setdefault(other, []).append(at)
    ready = [at for at, key in enumerate(keys) if not before[key]]
    order: dict[str, None] = {}
    while ready:
        key = keys[heapq.heappop(ready)]
        order[key] = None
        for at in behind.get(key, ()):
            before[keys[at]].discard(key)
            if not before[keys[at]]:
                heapq.heappush(ready, at)
    ordered = [*order, *(key for key in keys if key not in order)]
    return dict(zip(ordered, ["", *ordered], strict=False))


def _before(extension: object) -> list[str]:
    """The extensions that one names as going first; none where its entry is broken."""
    names = extension.get("after") if isinstance(extension, Mapping) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def entry(body: Body, find: Find) -> Body:
    properties = body["properties"]
    return compact(
        {
            "publisher": properties.get("publisher"),
            "type": properties.get("type"),
            "version": properties.get("typeHandlerVersion"),
            "auto_upgrade_minor_version": None if properties.get("autoUpgradeMinorVersion") else False,
            "automatic_upgrade": unless(properties.get("enableAutomaticUpgrade")),
            "settings": unless(properties.get("settings")),
        }
    )


def repair(codes: Sequence[str]) -> Repair:
    """The agent runs a handler again for new settings only, and while one has failed no other is installed.

    "Custom Script Extension" (a script runs once for the same settings), "Virtual machine extensions and features for
    Windows" (a failed one keeps others out), hashicorp/terraform-provider-azurerm#6980 (delete it and try again).
    """
    return Repair("remake", "a failed extension is deleted and installed again")


KIND = Kind(
    name="virtual_machine_extension",
    type="Microsoft.Compute/virtualMachines/extensions",
    nested=True,
    schema=Schema(
        sections=("vms/*/extensions/*",),
        body=body,
        name_rule=(r"[A-Za-z0-9_.-]{1,80}", "1 to 80 letters, digits, underscores, dots and hyphens"),
        after=after,
    ),
    operations=Operations(
        "compute",
        "virtual_machine_extensions",
        has_instance_view=True,
        needs_running_parent=True,
        one_at_a_time_in_parent=True,
    ),
    rules=Rules(
        immutable=("location", "properties.publisher", "properties.type"),
        read_only=(*EVERYWHERE_READ_ONLY, "properties.instanceView"),
        write_only=("properties.protectedSettings",),
        case_insensitive=("properties.publisher", "properties.type"),
        # "Multiple VMExtensions per handler not supported for OS type": https://aka.ms/vmextensions, overview.
        unique_in_parent=("properties.publisher", "properties.type"),
        optional={
            "properties.settings": GOES,
            "properties.protectedSettings": GOES,
            "properties.enableAutomaticUpgrade": Leaving(False),
        },
        # The handler gets them as one text.
        whole=("properties.settings", "properties.protectedSettings"),
    ),
    replacement=Replacement(repair=repair),
    importing=Import(
        entry=entry,
        remark=(
            "Azure never returns protected_settings. If there are any, write them here before an "
            "apply, or they are lost."
        ),
    ),
    # The median of 35 recorded creates; the handler decides how long it takes.
    timing=Timing(typical_s=62, least_poll_s=COMPUTE_LEAST_POLL_S),
)
