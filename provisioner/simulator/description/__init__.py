"""How a resource type is described: data and a few plain functions, one module for each thing that is described.

resource_type   `ResourceType`, which holds all of it
names           what a name must look like
body            what a body may hold, and which places in it name other resources
placement       where a resource stands, and how it belongs to its parent
answers         how requests are answered, long-running ones too
refusals        what is said when one is refused
hooks           the functions of a type: on writes, reads and deletes; actions, routes, guards
"""
