"""What management locks stand in the way of, on changes made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.planning import management_locks
from provisioner.planning.plan import Action, Change

from .made import GROUP, change, planned, proposed, resource_id

REQUIRED = ("done", "required")
IP, NET = resource_id("public_ip", "ip"), resource_id("virtual_network", "net")
LOCKS = "providers/Microsoft.Authorization/locks"
LEVELS = {"delete": "CanNotDelete", "read": "ReadOnly"}


def body(scope: str, level: str, notes: str = "") -> dict[str, Any]:
    return {"id": f"{scope}/{LOCKS}/keep", "properties": {"level": LEVELS[level], "notes": notes}}


def lock(scope: str, action: Action, before: str = "delete", after: str = "delete", **more: Any) -> Change:
    desired = None if action == "delete" else body(scope, after)
    held = None if action == "create" else body(scope, before)
    return change("management_lock", "keep", action, held, desired, id=f"{scope}/{LOCKS}/keep", **more)


def around(*changes: Change) -> dict[tuple[str, str], tuple[str, str]]:
    return proposed(management_locks.around_locks, planned(*changes))


@pytest.mark.parametrize("scope", [IP, IP.upper(), GROUP])
def test_a_lock_is_removed_before_what_it_forbids(scope: str) -> None:
    assert around(lock(scope, "delete"), change("public_ip", "ip", "delete")) == {
        ("ip:delete", "keep:delete"): REQUIRED
    }


def test_a_lock_that_forbids_deletes_is_no_matter_to_an_update_and_one_that_is_read_only_is() -> None:
    ip = change("public_ip", "ip", "update")
    assert around(lock(GROUP, "delete"), ip) == {}
    assert around(lock(GROUP, "delete", "read"), ip) == {("ip:update", "keep:delete"): REQUIRED}


def test_a_lock_is_put_on_after_what_it_would_forbid() -> None:
    assert around(lock(GROUP, "create"), change("public_ip", "ip", "create")) == {}
    for action, last in (("create", "create"), ("update", "update"), ("replace", "create")):
        found = around(lock(GROUP, "create", after="read"), change("public_ip", "ip", action))
        assert found == {("keep:create", f"ip:{last}"): REQUIRED}
    assert around(lock(GROUP, "create"), change("public_ip", "ip", "replace")) == {
        ("keep:create", "ip:create"): REQUIRED
    }


def test_a_lock_that_is_lowered_goes_first_and_one_that_is_raised_last() -> None:
    ip = change("public_ip", "ip", "update")
    assert around(lock(GROUP, "update", "read", "delete"), ip) == {("ip:update", "keep:update"): REQUIRED}
    assert around(lock(GROUP, "update", "delete", "read"), ip) == {("keep:update", "ip:update"): REQUIRED}
    assert around(lock(GROUP, "no-op", "read", "read"), ip) == {}


def test_what_is_above_a_lock_cannot_be_deleted_and_can_be_changed() -> None:
    subnet = f"{NET}/subnets/front"
    removed = lock(subnet, "delete", "read")
    assert around(removed, change("virtual_network", "net", "delete")) == {("net:delete", "keep:delete"): REQUIRED}
    assert around(removed, change("virtual_network", "net", "update")) == {}
    assert around(lock(f"{IP}2", "delete", "read"), change("public_ip", "ip", "delete")) == {}
    assert around(lock(IP, "delete", "read"), change("public_ip", "ip2", "delete")) == {}


def test_a_lock_is_no_matter_to_another_lock() -> None:
    other = change("management_lock", "other", "delete", id=f"{GROUP}/{LOCKS}/other")
    assert around(lock(GROUP, "delete", "read"), other) == {}


@pytest.mark.parametrize(
    ("scope", "keeps"), [(IP, True), (IP.upper(), True), (GROUP, True), (f"{IP}/a/b", True), (f"{IP}2", False)]
)
def test_a_lock_keeps_an_object_from_being_deleted(scope: str, keeps: bool) -> None:
    assert management_locks.keeps(IP, [body(scope, "delete")]) is keeps
    assert not management_locks.keeps(IP, [])


def problems(*changes: Change, locks: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    found = management_locks.problems(changes, planned(*changes).steps, locks)
    return [(item.summary, item.reason, item.hint) for item in found]


def test_what_a_lock_of_others_forbids_is_a_problem_that_names_it() -> None:
    ((summary, reason, hint),) = problems(change("public_ip", "ip", "delete"), locks=[body(GROUP, "delete", "ask Eve")])
    assert summary.endswith("ip cannot be deleted because of a lock")
    assert (reason.startswith(f"{GROUP} "), "read only" in reason, '"keep": ask Eve' in reason) == (True, False, True)
    assert (f"az lock delete --ids {GROUP}/{LOCKS}/keep" in hint, "--exclude ip" in hint) == (True, True)
    ((summary, reason, _),) = problems(change("public_ip", "ip", "update"), locks=[body(IP, "read")])
    assert summary.endswith("ip cannot be changed because of a lock")
    assert (reason.startswith(f"{IP} "), "read only" in reason, reason.endswith('"keep".')) == (True, True, True)
    assert problems(change("public_ip", "ip", "update"), locks=[body(IP, "delete")]) == []
    assert problems(change("public_ip", "ip", "no-op"), locks=[body(IP, "read")]) == []
    assert problems(change("public_ip", "ip", "delete"), locks=[]) == []


@pytest.mark.parametrize(
    ("action", "verb"), [("create", "created"), ("update", "changed"), ("delete", "deleted"), ("replace", "replaced")]
)
def test_a_read_only_lock_forbids_every_action(action: Action, verb: str) -> None:
    ((summary, _, _),) = problems(change("public_ip", "ip", action), locks=[body(GROUP, "read")])
    assert f"ip cannot be {verb} because of a lock" in summary


def test_a_lock_of_ours_that_stays_is_taken_out_of_the_spec() -> None:
    ip = change("public_ip", "ip", "delete")
    ((_, _, hint),) = problems(ip, lock(GROUP, "no-op"), locks=[body(GROUP, "delete")])
    assert "remove keep from the spec" in hint
    ((_, _, hint),) = problems(ip, lock(GROUP, "no-op", managed=False), locks=[body(GROUP, "delete")])
    assert "az lock delete" in hint
    assert problems(ip, lock(GROUP, "delete"), locks=[body(GROUP, "delete")]) == []


@pytest.mark.parametrize(
    ("before", "after", "count"), [("read", "read", 1), ("read", "delete", 0), ("delete", "read", 0)]
)
def test_a_lock_whose_level_changes_is_a_problem_if_both_levels_forbid_it(before: str, after: str, count: int) -> None:
    found = problems(
        change("public_ip", "ip", "update"), lock(GROUP, "update", before, after), locks=[body(GROUP, before)]
    )
    assert len(found) == count
