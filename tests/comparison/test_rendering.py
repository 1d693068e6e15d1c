"""Operations to request bodies."""

from __future__ import annotations

from provisioner.base.values import Body
from provisioner.comparison.rendering import OwnedIds, render
from provisioner.resources.kinds import public_ip, virtual_machine
from provisioner.resources.steps import Delete, Detach, MergeTags, Patch, PostAction, Put

VM, IP = virtual_machine.KIND, public_ip.KIND
APP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app"
DISK = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/data"
OWNED = OwnedIds(frozenset({APP.lower(), DISK.lower()}))


def machine(users: Body | None, kind: str, **storage: object) -> Body:
    identity = {"type": kind, **({"userAssignedIdentities": users} if users is not None else {})}
    return {"identity": identity, "properties": {"storageProfile": storage}, "tags": {}}


def test_an_object_that_does_not_exist_is_written_as_desired() -> None:
    desired: Body = {"location": "westus2", "zones": None}
    assert render(Put(desired), IP, OWNED, None) == {"location": "westus2"}


def test_a_put_keeps_what_others_wrote() -> None:
    fresh: Body = {"tags": {"theirs": "1"}, "properties": {"idleTimeoutInMinutes": 4}}
    desired: Body = {"tags": {"ours": "2"}}
    assert render(Put(desired), IP, OWNED, fresh) == {**fresh, "tags": {"theirs": "1", "ours": "2"}}


def test_a_patch_without_user_assigned_identities_sends_no_map() -> None:
    fresh = machine({APP: {}}, "SystemAssigned, UserAssigned")
    desired = machine({APP: None}, "SystemAssigned")
    operation = Patch(desired, (f"identity.userAssignedIdentities.{APP}",))
    assert render(operation, VM, OWNED, fresh) == {"identity": {"type": "SystemAssigned"}}
    assert render(Detach((APP,)), VM, OWNED, fresh) == {"identity": {"type": "SystemAssigned"}}


def test_a_patch_does_not_say_how_large_an_attached_disk_is() -> None:
    attached = {"lun": 0, "managedDisk": {"id": DISK, "storageAccountType": "Premium_LRS"}, "diskSizeGB": 8}
    wanted = {"lun": 0, "managedDisk": {"id": DISK}, "caching": "ReadOnly"}
    operation = Patch(machine(None, "None", dataDisks=[wanted]), ("properties.storageProfile.dataDisks[data].caching",))
    body = render(operation, VM, OWNED, machine(None, "None", dataDisks=[attached]))
    assert body == {"properties": {"storageProfile": {"dataDisks": [wanted]}}}


def test_tags_are_merged_with_those_that_the_object_has_by_then() -> None:
    operation = MergeTags({"stopped": "true"}, frozenset({"old"}))
    assert render(operation, VM, OWNED, {"tags": {"old": "1", "kept": "2"}}) == {
        "tags": {"kept": "2", "stopped": "true"}
    }
    assert render(operation, VM, OWNED, {"tags": {"stopped": "true"}}) is None


def test_what_sends_no_body_has_none() -> None:
    for operation in (Delete(), PostAction("start")):
        assert render(operation, VM, OWNED, {"tags": {}}) is None
