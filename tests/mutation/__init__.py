"""How strong the tests are: small faults put into one module, and whether a test notices each.

``python -m tests.mutation MODULE --seed N``; see CONTRIBUTING.md.
"""
