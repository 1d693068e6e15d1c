"""What stands in a resource group to a deployment spec that says so. Pure; ``survey`` reads, ``spec_text`` composes."""
