"""Right answers for the bulk trade, written another way than the marts, one module a subject.

`evening.answer` draws the history once more and writes them all.
"""
