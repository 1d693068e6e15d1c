"""The catalogue of marketplace images and of extension handlers, by location.

In: GETs below `locations/{location}/publishers`. Out: bare JSON arrays, as Azure answers here and nowhere else; one
version is an object. REST reference "Virtual Machine Images", "Virtual Machine Extension Images", 2024-07-01.
"Artifact: VMImage was not found." is what Azure says of anything unknown below (azure-cli issues).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from ...arm.body_checks import normal_location
from ...arm.cloud import Cloud
from ...description.hooks import Route
from ...errors import ArmError
from ...json_values import Json, JsonObject
from ...protocol.wire import Request, Response
from ._image_table import Image, catalogue

Entry = TypeVar("Entry")
EXTENSIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Microsoft.Azure.Extensions": {"CustomScript": ("2.0.7", "2.1.13"), "DockerExtension": ("1.2.2",)},
    "Microsoft.Compute": {"CustomScriptExtension": ("1.9.5", "1.10.18"), "VMAccessAgent": ("2.4.12",)},
    "Microsoft.OSTCExtensions": {"VMAccessForLinux": ("1.5.21",), "CustomScriptForLinux": ("1.5.5",)},
    "Microsoft.ManagedIdentity": {
        "ManagedIdentityExtensionForLinux": ("1.0.0.15",),
        "ManagedIdentityExtensionForWindows": ("1.0.0.11",),
    },
    "Microsoft.Azure.ActiveDirectory": {"AADSSHLoginForLinux": ("1.0.2985.1",), "AADLoginForWindows": ("2.2.0.0",)},
    "Microsoft.Azure.Monitor": {"AzureMonitorLinuxAgent": ("1.35.5",), "AzureMonitorWindowsAgent": ("1.35.0.0",)},
    "Microsoft.CPlat.Core": {"RunCommandLinux": ("1.0.5",), "RunCommandWindows": ("1.1.11",)},
    "Microsoft.Powershell": {"DSC": ("2.83.5",)},
}
"""Some common handlers; that one is missing here does not make it unknown to a machine."""
LOCATION = "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}"
OF_PUBLISHER = f"{LOCATION}/publishers/{{publisher}}/artifacttypes"


def _base(cloud: Cloud, names: Mapping[str, str]) -> str:
    location = normal_location(names["location"])
    return f"/Subscriptions/{cloud.subscription_id}/Providers/Microsoft.Compute/Locations/{location}/Publishers"


def _entries(names: Mapping[str, str], base: str, listed: Iterable[str]) -> list[JsonObject]:
    location = normal_location(names["location"])
    return [{"location": location, "name": name, "id": f"{base}/{name}"} for name in listed]


def _listed(names: Mapping[str, str], base: str, listed: Iterable[str]) -> Response:
    return Response(200, _entries(names, base, listed))


def _pick(listed: Mapping[str, Entry], name: str, artifact: str = "VMImage") -> tuple[str, Entry]:
    """An entry in any casing, with its canonical name."""
    for known, value in listed.items():
        if known.lower() == name.lower():
            return known, value
    raise ArmError(404, "NotFound", f"Artifact: {artifact} was not found.")


def _publishers(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    return _listed(names, _base(cloud, names), sorted({*catalogue(), *EXTENSIONS}))


def _offers(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    publisher, offers = _pick(catalogue(), names["publisher"])
    return _listed(names, f"{_base(cloud, names)}/{publisher}/ArtifactTypes/VMImage/Offers", offers)


def _skus(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    publisher, offers = _pick(catalogue(), names["publisher"])
    offer, skus = _pick(offers, names["offer"])
    return _listed(names, f"{_base(cloud, names)}/{publisher}/ArtifactTypes/VMImage/Offers/{offer}/Skus", skus)


def _image(cloud: Cloud, names: Mapping[str, str]) -> tuple[Image, str]:
    cloud.require_subscription(names["subscription"])
    publisher, offers = _pick(catalogue(), names["publisher"])
    offer, skus = _pick(offers, names["offer"])
    sku, image = _pick(skus, names["sku"])
    return image, f"{_base(cloud, names)}/{publisher}/ArtifactTypes/VMImage/Offers/{offer}/Skus/{sku}/Versions"


def _versions(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    """Oldest first, unless `$orderby=name desc`; `$top` takes the first of them."""
    image, base = _image(cloud, names)
    versions = list(image.versions)
    if request.query.get("$orderby", "").lower().endswith("desc"):
        versions.reverse()
    top = request.query.get("$top", "")
    entries = _entries(names, base, versions[: int(top)] if top.isdecimal() else versions)
    if "properties" in request.query.get("$expand", "").lower():
        entries = [{**entry, "properties": _properties(image)} for entry in entries]
    return Response(200, entries)


def _version(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    image, base = _image(cloud, names)
    version = image.exact(names["version"])
    if version is None:
        raise ArmError(404, "NotFound", "Artifact: VMImage was not found.")
    (entry,) = _entries(names, base, [version])
    return Response(200, {**entry, "properties": _properties(image)})


def _properties(image: Image) -> Json:
    plan = {"publisher": image.publisher.lower(), "name": image.sku.lower(), "product": image.offer.lower()}
    features = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}] if image.generation == "V2" else []
    return {
        "hyperVGeneration": image.generation,
        "architecture": image.architecture,
        "replicaType": "Managed",
        "osDiskImage": {"operatingSystem": image.os, "sizeInGb": image.size_gb},
        "dataDiskImages": [],
        "features": features,
        "automaticOSUpgradeProperties": {"automaticOSUpgradeSupported": True},
        **({"plan": plan} if image.plan else {}),
    }


def _handler(cloud: Cloud, names: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    cloud.require_subscription(names["subscription"])
    publisher, kinds = _pick(EXTENSIONS, names["publisher"], "VMExtension")
    kind, versions = _pick(kinds, names["type"], "VMExtension")
    return versions, f"{_base(cloud, names)}/{publisher}/ArtifactTypes/VMExtension/Types/{kind}/Versions"


def _extension_types(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    publisher, kinds = _pick(EXTENSIONS, names["publisher"], "VMExtension")
    return _listed(names, f"{_base(cloud, names)}/{publisher}/ArtifactTypes/VMExtension/Types", kinds)


def _extension_versions(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    versions, base = _handler(cloud, names)
    return _listed(names, base, versions)


ROUTES = (
    Route(method="GET", pattern=f"{LOCATION}/publishers", answer=_publishers),
    Route(method="GET", pattern=f"{OF_PUBLISHER}/vmimage/offers", answer=_offers),
    Route(method="GET", pattern=f"{OF_PUBLISHER}/vmimage/offers/{{offer}}/skus", answer=_skus),
    Route(method="GET", pattern=f"{OF_PUBLISHER}/vmimage/offers/{{offer}}/skus/{{sku}}/versions", answer=_versions),
    Route(
        method="GET",
        pattern=f"{OF_PUBLISHER}/vmimage/offers/{{offer}}/skus/{{sku}}/versions/{{version}}",
        answer=_version,
    ),
    Route(method="GET", pattern=f"{OF_PUBLISHER}/vmextension/types", answer=_extension_types),
    Route(method="GET", pattern=f"{OF_PUBLISHER}/vmextension/types/{{type}}/versions", answer=_extension_versions),
)
