"""A request's body before any resource type looks at it: schema, location, tags.

In: JSON as sent. Out: the cleaned body, or ArmError in the wording of the provider that would refuse it.

Wording: unknown top-level members as in Azure/azure-rest-api-specs#286.
"""

from __future__ import annotations

from functools import lru_cache

from ..description.resource_type import ResourceType
from ..errors import ArmError, gateway_error, invalid_content
from ..json_values import Json, JsonObject
from ..protocol.arm_path import ResourceId
from ..registry import load_data
from ..schema import Model, Problem, clean
from ..schema_sdk import model_of
from ..state.resources import Resource

TAGS_AT_MOST, TAG_NAME_AT_MOST, TAG_VALUE_AT_MOST = 50, 512, 256
TAG_NAME_FORBIDS = "<>%&\\?/"
"""Limits of tags: "Use tags to organize your Azure resources", section Limitations."""


def schema_of(type_: ResourceType) -> Model | None:
    return None if type_.body.model is None else model_of(type_.body.model)


def cleaned(type_: ResourceType, sent: JsonObject, *, keep_null: bool = False) -> JsonObject:
    """The body in canonical spelling, without nulls (unless kept) and read-only values."""
    model = schema_of(type_)
    if model is None:
        if not isinstance(sent.get("properties", {}), dict | None):
            raise invalid_content("Error converting value to type 'JObject'. Path 'properties', line 1, position 1.")
        return {key: value for key, value in sent.items() if key not in ("id", "name", "type", "etag")}
    body, problems = clean(model, sent, keep_null=keep_null)
    if problems:
        raise _refusal(type_, problems)
    return body


def _refusal(type_: ResourceType, problems: list[Problem]) -> ArmError:
    top_level = next((problem for problem in problems if problem.kind == "unknown" and problem.top_level), None)
    if top_level is None:
        return type_.answers.refusals.malformed(problems)
    # ARM reads the envelope itself, before the provider sees anything: it has its own name for the object.
    reason = top_level.message.split("' on object")[0] + "' on object of type 'ResourceDefinition'. Path "
    return invalid_content(f"{reason}'{top_level.path}', line 1, position 1.")


def check_tags(body: Json) -> None:
    """Refuse tags beyond ARM's limits."""
    tags = body.get("tags")
    if tags is None:
        return
    if not isinstance(tags, dict):
        raise invalid_content("Error converting value to type 'InsensitiveDictionary'. Path 'tags'")
    if len(tags) > TAGS_AT_MOST:
        raise gateway_error(
            400,
            "InvalidTags",
            f"The number of tags on the resource is {len(tags)}; the maximum allowed is {TAGS_AT_MOST}.",
        )
    seen: set[str] = set()
    for name, value in tags.items():
        if not name or len(name) > TAG_NAME_AT_MOST or any(sign in name for sign in TAG_NAME_FORBIDS):
            raise gateway_error(
                400,
                "InvalidTagNameCharacters",
                f"The tag names '{name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.",
            )
        if not isinstance(value, str) or len(value) > TAG_VALUE_AT_MOST:
            raise gateway_error(
                400,
                "InvalidTagValueLength",
                f"Tag value too large. Following tag value '{name}' exceeded the maximum length. "
                f"Maximum allowed length for tag value - '{TAG_VALUE_AT_MOST}' characters.",
            )
        if name.lower() in seen:
            raise gateway_error(400, "DuplicateTagName", f"The tag name '{name}' is given more than once.")
        seen.add(name.lower())


@lru_cache(maxsize=1)
def regions() -> dict[str, str]:
    """Azure's regions: name to display name."""
    data: dict[str, str] = load_data("locations.json")
    return data


@lru_cache(maxsize=1_000)
def normal_location(location: str) -> str:
    """`West US 2` and `westus2` are one region (recorded: 10 of 10 resource groups answered the short form)."""
    return location.replace(" ", "").lower()


def check_location(type_: ResourceType, asked: ResourceId, body: JsonObject, before: Resource | None) -> None:
    """Require, normalise and pin the location of a tracked resource."""
    location = body.get("location")
    if location is not None and not isinstance(location, str):
        raise invalid_content("Error converting value to type 'String'. Path 'location', line 1, position 1.")
    if before is not None:
        current = before.body.get("location")
        if location is None:
            if current is not None:
                body["location"] = current
        elif current is not None and normal_location(location) != normal_location(current):
            raise gateway_error(
                409,
                "InvalidResourceLocation",
                f"The resource '{asked.name}' already exists in location '{current}' in resource group "
                f"'{asked.group}'. A resource with the same name cannot be created in location '{location}'. "
                "Please select a new resource name.",
            )
        else:
            body["location"] = current or normal_location(location)
        return
    if location is None:
        if type_.placement.tracked:
            raise gateway_error(400, "LocationRequired", "The location property is required for this definition.")
        return
    if normal_location(location) not in {*regions(), "global"}:
        raise gateway_error(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for resource type '{type_.type}'. List of available "
            f"regions for the resource type is '{','.join(regions())}'.",
        )
    body["location"] = normal_location(location)
