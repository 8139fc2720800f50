"""W2 站点无法访问: short visits to every registered site, many times a day, each landed whatever came of it.

A round visits every site once over HTTP, looks again in a real browser at whatever did not open, and visits
well-known other sites before and after: where those do not open either, the fault is our own network's.
"""
