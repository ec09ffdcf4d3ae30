"""The hand-written core of the demo company: its departments at work, every row told one by one."""
