"""Custody: what was seen and landed is listed, the lists are chained, and a later change is noticed."""
