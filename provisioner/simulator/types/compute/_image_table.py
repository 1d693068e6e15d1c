"""Which marketplace images there are: a catalogue of common ones, the same in every region.

In: `data/vm_images.json`: publisher, offer, SKU, and what is known of the image. Out: `Image` records. Version numbers
have the publishers' form and are not their newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...json_values import Json
from ...registry import load_data

Catalogue = Mapping[str, Mapping[str, Mapping[str, "Image"]]]


@dataclass(frozen=True, kw_only=True)
class Image:
    """One SKU of an offer; `plan` says that a machine made of it must name its purchase plan."""

    publisher: str
    offer: str
    sku: str
    os: str
    size_gb: int
    generation: str
    architecture: str
    versions: Sequence[str]
    plan: bool = False

    def exact(self, version: str) -> str | None:
        """The version that a request means; None when there is none such."""
        if version.lower() == "latest":
            return self.versions[-1]
        return version if version in self.versions else None


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Publisher, offer, SKU, spelled as the marketplace does."""
    data: Json = load_data("vm_images.json")
    return {
        publisher: {
            offer: {sku: Image(publisher=publisher, offer=offer, sku=sku, **row) for sku, row in skus.items()}
            for offer, skus in offers.items()
        }
        for publisher, offers in data.items()
    }


def find_image(publisher: str, offer: str, sku: str) -> Image | None:
    """An image, case ignored."""
    return _by_name().get((publisher.lower(), offer.lower(), sku.lower()))


@lru_cache(maxsize=1)
def _by_name() -> Mapping[tuple[str, str, str], Image]:
    return {
        (publisher.lower(), offer.lower(), sku.lower()): image
        for publisher, offers in catalogue().items()
        for offer, skus in offers.items()
        for sku, image in skus.items()
    }
