"""JSON as Python has it: what a static type can say of it, and what it cannot.

In: nothing. Out: aliases.
"""

from __future__ import annotations

from typing import Any, TypeAlias, Union

JsonValue: TypeAlias = Union[bool, int, float, str, "list[JsonValue]", "dict[str, JsonValue]", None]
JsonObject: TypeAlias = dict[str, JsonValue]

Json: TypeAlias = dict[str, Any]
"""The body of a resource. Its schema is Azure's, known at run time alone (`schema_sdk`): what `schema` let pass has the
shapes that the hooks of its type read, which no static type here could say."""
