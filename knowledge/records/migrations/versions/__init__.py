"""One script for each version of the records database, numbered; never changed once released."""
