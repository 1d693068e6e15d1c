"""A spec's text to the same spec, laid out the one way; comments stay. See ``layout.formatted``."""
