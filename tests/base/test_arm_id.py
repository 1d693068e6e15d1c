"""ARM IDs."""

import pytest

from provisioner.base import arm_id

SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a"


def test_an_id_is_taken_apart_and_put_together() -> None:
    parsed = arm_id.parse(SUBNET)
    assert (parsed.type, parsed.names) == ("Microsoft.Network/virtualNetworks/subnets", ("v", "a"))
    assert arm_id.resource(parsed.scope, parsed.type, *parsed.names) == SUBNET


def test_an_extension_resource_has_the_resource_as_scope() -> None:
    parsed = arm_id.parse(f"{SUBNET}/providers/Microsoft.Authorization/roleAssignments/n")
    assert (parsed.scope, parsed.name) == (SUBNET, "n")


def test_groups_and_subscriptions_are_ids_too() -> None:
    assert arm_id.parse("/subscriptions/s/resourcegroups/g").type == "Microsoft.Resources/resourceGroups"
    assert arm_id.parse("/subscriptions/s").name == "s"


def test_casing_does_not_matter() -> None:
    assert arm_id.same(SUBNET, SUBNET.upper())
    assert arm_id.group_of(SUBNET.replace("resourceGroups", "resourcegroups")) == "g"


@pytest.mark.parametrize("text", ["", "abc", "/subscriptions", "/subscriptions/s/x/y", "/providers/A"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARM resource ID"):
        arm_id.parse(text)


def test_what_an_id_may_lie_in_goes_from_the_inside_to_the_outside() -> None:
    found = list(arm_id.upwards("/subscriptions/S/resourceGroups/G/"))
    above = ["/subscriptions/s/resourcegroups", "/subscriptions/s", "/subscriptions"]
    assert found == ["/subscriptions/s/resourcegroups/g", *above]
