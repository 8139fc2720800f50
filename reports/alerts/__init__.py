"""Messages to people, by three routes that never mix: what broke, data that is not fit, and findings.

``oncall`` hears that a run broke; ``data`` that a gate, the canaries or the coverage failed; ``organisers``
each hear of their own subjects alone. A message is sent once a run and route; a dead channel is tried again,
logged, and never fails the run.
"""
