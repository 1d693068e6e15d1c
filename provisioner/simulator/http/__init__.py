"""The simulator on the wire: a server, the front door (`gateway`), rate limits, the request log, metadata."""
