"""What a spec does not say of a machine, and Azure fixes at its creation: it stays as whoever made the machine set it.

In: a desired and an actual body. Out: the desired body that does not ask for the impossible. Pure.
Without this, a machine that another tool made would be made anew for a property that nobody wrote down.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...base import arm_id
from ...base.values import Body

_UNSAID = {"deleteOption": "Detach", "caching": "None"}
"""What an object made through an older API does not say, and means."""


def as_made(desired: Body, actual: Body) -> Body:
    properties, theirs = dict(desired["properties"]), actual.get("properties") or {}
    properties["storageProfile"] = _storage(properties["storageProfile"], theirs.get("storageProfile") or {})
    properties["osProfile"] = _system(properties["osProfile"], theirs.get("osProfile") or {})
    attached = (theirs.get("networkProfile") or {}).get("networkInterfaces") or []
    if len(attached) == 1 and (attached[0].get("properties") or {}).get("primary") is None:
        # The only interface is the primary one, said or not.
        interfaces = [
            {"id": item["id"]} if arm_id.same(str(item["id"]), attached[0]["id"]) else item
            for item in properties["networkProfile"]["networkInterfaces"]
        ]
        if len(interfaces) == 1:
            properties["networkProfile"] = {"networkInterfaces": interfaces}
    return {**desired, "properties": properties}


def _storage(storage: Body, theirs: Body) -> Body:
    attached = {arm_id.key(_disk_id(item)): item for item in theirs.get("dataDisks") or []}
    disks = [_data_disk(item, attached.get(arm_id.key(_disk_id(item)))) for item in storage["dataDisks"]]
    os_disk = _encrypted(_without_unsaid(storage["osDisk"], theirs.get("osDisk")), theirs.get("osDisk") or {})
    return {**storage, "osDisk": os_disk, "dataDisks": disks}


def _encrypted(disk: Body, theirs: Body) -> Body:
    """How a confidential machine's disk is encrypted was chosen by whoever made it."""
    chosen = (theirs.get("managedDisk") or {}).get("securityProfile")
    managed = disk.get("managedDisk") or {}
    return (
        {**disk, "managedDisk": {**managed, "securityProfile": chosen}}
        if "securityProfile" in managed and chosen
        else disk
    )


def _data_disk(disk: Body, theirs: Body | None) -> Body:
    """Whether a disk was made with the machine or attached to it is its past."""
    if theirs is None:
        return disk
    return {**_without_unsaid(disk, theirs), "createOption": theirs.get("createOption", disk["createOption"])}


def _disk_id(disk: Body) -> str:
    return str((disk.get("managedDisk") or {}).get("id", ""))


def _without_unsaid(desired: Body, theirs: Mapping[str, object] | None) -> Body:
    if theirs is None:
        return desired
    return {key: value for key, value in desired.items() if theirs.get(key) is not None or _UNSAID.get(key) != value}


def _system(system: Body, theirs: Body) -> Body:
    result = dict(system)
    for name in ("linuxConfiguration", "windowsConfiguration"):
        if name in result and theirs:
            result[name] = _configuration(result[name], theirs.get(name) or {})
    return result


def _configuration(desired: Body, theirs: Body) -> Body:
    result = {**desired, "provisionVMAgent": theirs.get("provisionVMAgent")}
    if result["provisionVMAgent"] is None:
        del result["provisionVMAgent"]
    if "ssh" in result:
        # A key that was given with a line's end or another path is the same key.
        known = {item["keyData"].strip(): item for item in (theirs.get("ssh") or {}).get("publicKeys") or []}
        keys = [known.get(item["keyData"], item) for item in result["ssh"]["publicKeys"]]
        result["ssh"] = {"publicKeys": keys}
    return result
