"""The only room that imports the Azure SDK: clouds, credentials, clients, operations, errors.

Importing a module of this room loads no SDK; a client is loaded when the first operation needs it.
"""
