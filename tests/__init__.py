"""The tests, in the same tree as the rooms they speak of."""
