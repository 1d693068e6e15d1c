"""Faults on request, seeded: what goes wrong, where, and how often.

In: a YAML file (docs/guides/faults.md). Out: `Faults`, a frozen description (`model.py`, read by `reading.py`), put
into the simulator's settings by `apply.py`, at work in `fault_injector.py`. Every decision is drawn from a stream of
its own, seeded by (seed, rule, counter): a run can be repeated. Nothing is imported here: a simulator without faults
loads no YAML.
"""
