"""The tags that hold hashes of the optional properties which a deployment wrote."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from provisioner.resources import name_lists, written_paths
from provisioner.resources.kinds import virtual_network
from provisioner.resources.written_paths import Place, WrittenPaths

ACCESS = "properties.subnets[].properties.defaultOutboundAccess"
NAMES = [f"subnet-{index}" for index in range(200)]


@given(st.sets(st.sampled_from(NAMES)))
def test_places_are_known_again_and_few_are_listed(having: set[str]) -> None:
    tags = written_paths.tags([Place(ACCESS, name) for name in having], NAMES)
    found = WrittenPaths(tags)
    assert {name for name in NAMES if Place(ACCESS, name) in found} == having
    assert len(found.hashes) <= min(len(having), len(NAMES) - len(having) + 1)
    assert all(len(value) <= 256 for value in tags.values())


def test_a_place_has_the_part_the_item_and_the_object_that_it_names() -> None:
    subnet = {
        "name": "Front",
        "properties": {
            "addressPrefix": "10.0.1.0/24",
            "routeTable": {"id": "/Routes"},
            "serviceEndpoints": [{"service": "Microsoft.Storage"}],
        },
    }
    body = {"tags": {"Owner": "web", "provisioner-spec": "x"}, "properties": {"subnets": [subnet]}}
    assert set(written_paths.places(body, virtual_network.KIND)) == {
        Place("properties.subnets[].properties.routeTable[/routes]", "front"),
        Place("properties.subnets[].properties.serviceEndpoints[microsoft.storage]", "front"),
        Place("tags.owner"),
    }


def test_more_tags_continue_the_first_in_their_order() -> None:
    places = [Place(f"tags.t{index}") for index in range(1000)]
    tags = written_paths.tags(places, ())
    assert len(tags) == 16
    turned = dict(sorted(tags.items(), key=lambda item: item[1]))
    assert all(place in WrittenPaths(turned) for place in places)


def test_lists_of_names_that_an_earlier_version_wrote_are_read() -> None:
    hashes = [hashlib.sha256(name.encode()).hexdigest()[:8] for name in NAMES]
    earlier = {"x": "#" + ",".join(hashes[:25]), "x-2": ",".join(hashes[25:])}
    found = name_lists.NameList(earlier, "x")
    assert all(name in found for name in NAMES)
    assert "other" not in found


def test_three_thousand_names_take_fewer_tags_than_an_object_has() -> None:
    names = [f"subnet-{index}" for index in range(3000)]
    tags = name_lists.tags("x", names)
    assert len(tags) == 47
    found = name_lists.NameList(tags, "x")
    assert all(name.upper() in found for name in names)
    assert "other" not in found
