"""The JSON Schema of the spec: ``deployment.schema.json`` and a fragment per kind."""
