"""What goes over the wire, and how it is written: ARM's paths, requests and answers, JSON bodies, places in them.

It knows no state and no resource types, so everything else may import it.
"""
