"""Records in which order a command sends its writes to Azure Resource Manager; see ``tests/golden/test_writes.py``."""
