"""The interface of resource types: what the core does with a description, shown on types of the tests' own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioner.simulator.arm.cloud import Cloud as SimulatedCloud
from provisioner.simulator.arm.resource_write import ResourceWrite
from provisioner.simulator.description.body import Body, Immutable, Reference
from provisioner.simulator.description.hooks import Action, DeleteHooks, WriteHooks
from provisioner.simulator.description.names import ANY_NAME
from provisioner.simulator.description.placement import Placement
from provisioner.simulator.description.resource_type import ResourceType
from provisioner.simulator.errors import ArmError
from provisioner.simulator.http.gateway import Gateway
from provisioner.simulator.protocol.wire import Request, Response
from provisioner.simulator.registry import Registry
from provisioner.simulator.settings import Settings
from provisioner.simulator.state.store import Store
from provisioner.simulator.types.compute._shared import ANSWERS, COMPUTE

from .conftest import Clock

BOX = ResourceType(
    type="Contoso.Things/boxes",
    name=ANY_NAME,
    body=Body(
        defaults={"properties.color": "red"},
        immutable=(Immutable(path="properties.size"),),
        write_only=("properties.secret",),
        parts={"properties.slots": "slots"},
    ),
    answers=replace(ANSWERS, long_running=COMPUTE, etag="integer"),
)

SYNCHRONOUS = replace(BOX, answers=replace(BOX.answers, long_running=None))


class Cloud:
    """A gateway over types of one's own, without a socket."""

    def __init__(self, *types: ResourceType) -> None:
        self.clock = Clock()
        settings = Settings(now=self.clock, time_scale=1.0)
        self.state = SimulatedCloud(Store(None), Registry(types, {"Contoso.Things": []}), settings)
        self._gateway = Gateway(self.state)
        self.group = f"/subscriptions/{self.state.subscription_id}/resourceGroups/rg"
        self("PUT", self.group, {"location": "westus2"})

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> Response:
        import json

        if not path.startswith("/"):
            path = f"{self.group}/providers/Contoso.Things/{path}"
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": "Bearer x"}
        request = Request(method, path, {"api-version": "2024-01-01", **query}, headers, content, "http://sim")
        return self._gateway.answer(request)[0]

    def follow(self, url: str) -> Response:
        from urllib.parse import parse_qsl, urlsplit

        parts = urlsplit(url)
        return self("GET", parts.path, **dict(parse_qsl(parts.query)))


def box(**properties: Any) -> dict[str, Any]:
    return {"location": "westus2", "properties": properties}


def code(response: Response) -> str:
    return str(response.body["error"]["code"])


def test_a_type_that_is_described_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="described twice"):
        Registry((BOX, replace(BOX, type="contoso.things/BOXES")), {})


def test_defaults_parts_and_hidden_values() -> None:
    cloud = Cloud(BOX)
    made = cloud("PUT", "boxes/a", box(secret="s", slots=[{"name": "one"}]))
    properties = made.body["properties"]
    assert (made.status, properties["color"], "secret" in properties) == (201, "red", False)
    assert properties["slots"][0]["id"] == f"{cloud.group}/providers/Contoso.Things/boxes/a/slots/one"
    assert properties["slots"][0]["properties"]["provisioningState"] == "Creating"
    stored = cloud.state.get(made.body["id"])
    assert stored is not None
    assert stored.hidden == {"properties.secret": "s"}


def test_compute_operations_are_polled_with_times_and_a_name() -> None:
    cloud = Cloud(BOX)
    made = cloud("PUT", "boxes/a", box())
    assert (made.body["properties"]["provisioningState"], made.headers["Retry-After"]) == ("Creating", "10")
    assert "Location" not in made.headers
    running = cloud.follow(made.headers["Azure-AsyncOperation"])
    assert set(running.body) == {"startTime", "status", "name"}
    cloud.clock.advance(5)
    done = cloud.follow(made.headers["Azure-AsyncOperation"])
    assert set(done.body) == {"startTime", "endTime", "status", "name"}
    assert done.body["startTime"].endswith("+00:00")
    gone = cloud("DELETE", "boxes/a")
    assert gone.status == 202
    assert "monitor=true" in gone.headers["Location"]
    assert cloud.follow(gone.headers["Location"]).status == 202
    cloud.clock.advance(5)
    assert cloud.follow(gone.headers["Location"]).status == 200


def test_an_immutable_property_is_kept_when_left_out_and_refused_when_changed() -> None:
    cloud = Cloud(BOX)
    cloud("PUT", "boxes/a", box(size=1))
    cloud.clock.advance(5)
    changed = cloud("PUT", "boxes/a", box(size=2))
    assert (changed.status, code(changed)) == (409, "PropertyChangeNotAllowed")
    assert cloud("PUT", "boxes/a", box()).body["properties"]["size"] == 1


def test_a_patch_merges_and_a_put_replaces() -> None:
    cloud = Cloud(BOX)
    cloud("PUT", "boxes/a", {**box(a=1, b={"c": 1}), "tags": {"x": "1"}})
    cloud.clock.advance(5)
    patched = cloud("PATCH", "boxes/a", {"tags": {"y": "2"}, "properties": {"b": {"d": 2}, "a": None}})
    assert (patched.status, patched.body["tags"]) == (200, {"y": "2"})
    assert patched.body["properties"]["b"] == {"c": 1, "d": 2}
    assert "a" not in patched.body["properties"]
    cloud.clock.advance(5)
    assert "b" not in cloud("PUT", "boxes/a", box()).body["properties"]


def test_an_integer_etag_counts_up() -> None:
    cloud = Cloud(BOX)
    assert cloud("PUT", "boxes/a", box()).body["etag"] == '"1"'
    cloud.clock.advance(5)
    assert int(cloud("GET", "boxes/a").body["etag"].strip('"')) > 1


def test_a_delete_overtakes_a_create_where_the_provider_allows_it() -> None:
    cloud = Cloud(BOX)
    made = cloud("PUT", "boxes/a", box())
    assert code(cloud("PUT", "boxes/a", box())) == "Conflict"
    assert cloud("DELETE", "boxes/a").status == 202
    assert cloud.follow(made.headers["Azure-AsyncOperation"]).body["status"] == "Canceled"
    cloud.clock.advance(5)
    assert cloud("GET", "boxes/a").status == 404


def test_finish_may_fail_an_operation() -> None:
    def finish(change: ResourceWrite) -> None:
        raise ArmError(400, "TooBig", "It does not fit.")

    cloud = Cloud(replace(BOX, on_write=WriteHooks(finish=finish)))
    made = cloud("PUT", "boxes/a", box())
    cloud.clock.advance(5)
    polled = cloud.follow(made.headers["Azure-AsyncOperation"])
    assert (polled.body["status"], polled.body["error"]["code"]) == ("Failed", "TooBig")
    assert cloud("GET", "boxes/a").body["properties"]["provisioningState"] == "Failed"


LID = ResourceType(
    type="Contoso.Things/lids",
    name=ANY_NAME,
    body=Body(references=(Reference(path="properties.boxes[].box", type=BOX.type, back="properties.lid"),)),
)


def test_references_are_checked_reduced_and_shown_back() -> None:
    def in_use(resource: Any, links: Any) -> ArmError:
        return ArmError(400, "BoxInUse", f"In use by {links[0].holder_id}.")

    cloud = Cloud(replace(SYNCHRONOUS, on_delete=DeleteHooks(in_use=in_use), body=replace(BOX.body, immutable=())), LID)
    wanted = f"{cloud.group}/providers/Contoso.Things/boxes/a"
    body = box(boxes=[{"box": {"id": wanted.upper(), "properties": {"color": "blue"}}}])
    assert cloud("PUT", "lids/l", body).status == 404
    wrong = box(boxes=[{"box": {"id": f"{cloud.group}/providers/Contoso.Things/lids/l"}}])
    assert code(cloud("PUT", "lids/l", wrong)) == "InvalidParameter"
    cloud("PUT", "boxes/a", box())
    made = cloud("PUT", "lids/l", body)
    assert made.body["properties"]["boxes"] == [{"box": {"id": wanted.upper()}}]
    assert cloud("GET", "boxes/a").body["properties"]["lid"] == {"id": made.body["id"]}
    refused = cloud("DELETE", "boxes/a")
    assert (code(refused), made.body["id"] in refused.body["error"]["message"]) == ("BoxInUse", True)
    cloud("DELETE", "lids/l")
    assert "lid" not in cloud("GET", "boxes/a").body["properties"]
    assert cloud("DELETE", "boxes/a").status == 200


def test_actions_answer_at_once_or_run_long() -> None:
    def keys(change: ResourceWrite) -> Response:
        return Response(200, {"key": change.name})

    def start(change: ResourceWrite) -> None:
        change.properties["power"] = "starting"

    def running(change: ResourceWrite) -> None:
        change.properties["power"] = "running"

    actions = {"listkeys": Action(run=keys), "start": Action(run=start, long_running=COMPUTE, finish=running)}
    cloud = Cloud(replace(BOX, actions=actions))
    cloud("PUT", "boxes/a", box())
    cloud.clock.advance(5)
    assert cloud("POST", "boxes/a/listKeys").body == {"key": "a"}
    begun = cloud("POST", "boxes/a/start")
    assert (begun.status, cloud("GET", "boxes/a").body["properties"]["power"]) == (202, "starting")
    cloud.clock.advance(50)
    assert cloud.follow(begun.headers["Location"]).status == 200
    assert cloud("GET", "boxes/a").body["properties"]["power"] == "running"
    assert cloud("POST", "boxes/a/dance").status == 405
    assert cloud("POST", "boxes/none/start").status == 404


def test_a_guard_refuses_writes_and_deletes() -> None:
    def guard(state: SimulatedCloud, asked: Any, verb: str) -> None:
        raise ArmError(409, "ScopeLocked", verb)

    cloud = Cloud(BOX)
    cloud("PUT", "boxes/a", box())
    cloud.clock.advance(5)
    cloud.state.registry.guards = (guard,)
    assert code(cloud("PUT", "boxes/a", box())) == "ScopeLocked"
    assert code(cloud("DELETE", "boxes/a")) == "ScopeLocked"
    assert code(cloud("DELETE", cloud.group)) == "ScopeLocked"


def test_children_go_with_their_parent() -> None:
    gone: list[str] = []
    child = ResourceType(
        type="Contoso.Things/boxes/labels",
        name=ANY_NAME,
        placement=Placement(tracked=False),
        on_delete=DeleteHooks(deleted=lambda resource, state: gone.append(resource.name)),
    )
    cloud = Cloud(SYNCHRONOUS, child)
    assert code(cloud("PUT", "boxes/a/labels/x", {})) == "ParentResourceNotFound"
    cloud("PUT", "boxes/a", box())
    assert cloud("PUT", "boxes/a/labels/x", {}).status == 201
    assert [entry["name"] for entry in cloud("GET", "boxes/a/labels").body["value"]] == ["x"]
    cloud("DELETE", "boxes/a")
    assert gone == ["x"]
    assert code(cloud("GET", "boxes/a/labels")) == "ResourceNotFound"


def test_a_location_is_required_normalised_and_pinned() -> None:
    cloud = Cloud(SYNCHRONOUS)
    assert code(cloud("PUT", "boxes/a", {"properties": {}})) == "LocationRequired"
    assert code(cloud("PUT", "boxes/a", {"location": "moon"})) == "LocationNotAvailableForResourceType"
    assert cloud("PUT", "boxes/a", {"location": "West US 2"}).body["location"] == "westus2"
    assert code(cloud("PUT", "boxes/a", {"location": "eastus"})) == "InvalidResourceLocation"
    assert cloud("PUT", "boxes/a", {"properties": {}}).body["location"] == "westus2"
