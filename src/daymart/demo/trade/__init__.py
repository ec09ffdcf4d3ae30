"""Bulk trade of the demo company: any size, drawn by the column beside the hand-written core.

Everything an order will ever cause is decided by draws on the day it is born: promises, holds,
dispatches, arrivals, papers, payments. What the ERP holds on an evening is a filter on dates. So
history is written in pieces of flat memory, and a next day needs the last orders only.
"""
