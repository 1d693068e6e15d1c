"""What a simulated cloud remembers: documents in a store, and indexes over them that are kept current.

It knows resources by their ARM IDs, operations, principals and the clock, and no resource types.
"""
