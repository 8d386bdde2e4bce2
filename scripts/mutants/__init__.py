"""Break the package in many small ways: does a test notice each? (`make mutants`)."""
