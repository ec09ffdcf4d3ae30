"""The departments of the demo company that keep their data in places and ways of their own.

The ERP of `daymart.demo.company` is what really happened. From it the warehouse's own system,
purchasing's workbooks and logistics' daily files are written as those departments would.
"""
