"""What readers are told of the marts: read from the project's files, written as pages."""
