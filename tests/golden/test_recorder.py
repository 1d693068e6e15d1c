"""The recorder of writes: what it concludes from several runs."""

from __future__ import annotations

from .recorder.names import Names
from .recorder.order import ACCEPTED, DONE, LOST, REFUSED, Event, Sent, awaited, doubtful, next_delays, sorted_by_order

NETWORK, ADDRESS, INTERFACE = "PUT net", "PUT address", "PUT nic"


def sent(*after: Event, freed_by: Event | None = None, last_after: tuple[Event, ...] | None = None) -> Sent:
    return Sent(frozenset(after), freed_by, frozenset(after if last_after is None else last_after))


def ended(write: str) -> tuple[Event, Event]:
    return (write, ACCEPTED), (write, DONE)


FIRST = {
    NETWORK: sent(),
    ADDRESS: sent(*ended(NETWORK), freed_by=(NETWORK, DONE)),
    INTERFACE: sent(*ended(NETWORK), *ended(ADDRESS), freed_by=(ADDRESS, DONE)),
}
OTHER = {
    ADDRESS: sent(),
    NETWORK: sent(),
    INTERFACE: sent(*ended(NETWORK), *ended(ADDRESS), freed_by=(NETWORK, DONE)),
}


def test_one_run_shows_more_order_than_there_is() -> None:
    assert awaited([FIRST])[ADDRESS] == {(NETWORK, DONE)}
    assert awaited([FIRST])[INTERFACE] == {(ADDRESS, DONE)}


def test_what_one_run_contradicts_is_no_order() -> None:
    assert awaited([FIRST, OTHER]) == {
        NETWORK: set(),
        ADDRESS: set(),
        INTERFACE: {(NETWORK, DONE), (ADDRESS, DONE)},
    }


def test_what_no_write_responded_to_is_delayed_next() -> None:
    coincidence = {**OTHER, INTERFACE: sent(*ended(NETWORK), *ended(ADDRESS), freed_by=(ADDRESS, DONE))}
    assert doubtful([coincidence]) == [(NETWORK, DONE)]
    assert next_delays([coincidence]) == [(NETWORK, DONE)]
    assert next_delays([coincidence, OTHER]) == []


def test_each_doubtful_event_is_the_last_to_be_given_in_turn() -> None:
    names = [f"PUT {number}" for number in range(4)]
    run = {name: sent() for name in names} | {"PUT all": sent(*(event for name in names for event in ended(name)))}
    last = {next_delays([run] * number)[-1] for number in range(1, 11)}
    assert last == {(name, DONE) for name in names}


def test_a_retry_waits_for_what_came_between() -> None:
    """A lock is refused for want of its group, the group is created, the lock is taken; everything else is later."""
    run = {
        "PUT lock": sent(last_after=(("PUT lock", REFUSED), *ended("PUT group"))),
        "PUT group": sent(("PUT lock", REFUSED)),
        "PUT net": sent(("PUT lock", REFUSED), *ended("PUT group"), *ended("PUT lock")),
    }
    assert awaited([run]) == {
        "PUT lock": set(),
        "PUT group": {("PUT lock", REFUSED)},
        "PUT net": {("PUT lock", DONE)},
    }


def test_a_write_that_succeeded_hides_its_lost_attempt() -> None:
    run = {"PUT net": sent(), "PUT nic": sent(("PUT net", LOST), *ended("PUT net"))}
    assert awaited([run])["PUT nic"] == {("PUT net", DONE)}


def test_writes_stand_behind_those_that_they_wait_for() -> None:
    assert sorted_by_order(awaited([FIRST, OTHER])) == [ADDRESS, NETWORK, INTERFACE]


SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo"
PRINCIPAL, ROLE = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


def test_a_grant_is_named_by_its_role_and_principal() -> None:
    names = Names(SUBSCRIPTION, "demo")
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app"
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}"
    names.learn({"id": identity, "properties": {"principalId": PRINCIPAL}})
    names.learn({"value": [{"id": role, "properties": {"roleName": "Reader"}}]})
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/cccccccc-0000-4000-8000-000000000003"
    body = {"properties": {"principalId": PRINCIPAL, "roleDefinitionId": role}}
    assert names.write("PUT", path, body) == "PUT roleAssignments/[Reader to userAssignedIdentities/app]"
    assert names.write("DELETE", path, None) == "DELETE roleAssignments/[Reader to userAssignedIdentities/app]"


def test_a_body_is_the_same_whatever_was_drawn_at_random() -> None:
    names, texts = Names(SUBSCRIPTION, "demo"), []
    for number in (1, 2):
        principal = f"aaaaaaaa-0000-4000-8000-00000000000{number}"
        names.learn({"id": f"{GROUP}/providers/N/t/app", "identity": {"principalId": principal}})
        tags = {"provisioner-spec": f"f{number}", "provisioner-lock-until": f"t{number}"}
        texts.append(names.body({"tags": tags, "properties": {"principalId": principal}}))
    assert texts[0] == texts[1]
    assert names.body({"tags": {"team": "a"}}) != names.body({"tags": {"team": "b"}})
