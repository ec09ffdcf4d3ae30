"""Great Expectations as the judge: checks, how they run, and their verdicts as rows."""
