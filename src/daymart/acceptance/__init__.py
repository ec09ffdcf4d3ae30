"""Hold the marts against figures somebody else computed."""
