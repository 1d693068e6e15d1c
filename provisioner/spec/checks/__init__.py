"""Checks of a spec, one file each, found by a scan of this package.

A module has ``RULES``, the codes it reports, and ``check()``. Names that begin with an underscore are helpers.
"""
