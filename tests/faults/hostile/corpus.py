"""All hostile files, in one table."""

from . import archives, deliveries, disguises, encodings, headers, packages, shapes, workbooks

CASES = (
    *encodings.CASES, *headers.CASES, *shapes.CASES, *archives.CASES, *workbooks.CASES,
    *packages.CASES, *disguises.CASES, *deliveries.CASES,
)  # fmt: skip
