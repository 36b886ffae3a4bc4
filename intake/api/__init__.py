"""The programming interface, ``/api/v1``: what billing systems say and ask over HTTP."""
