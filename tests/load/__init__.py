"""Load and faults: a stand-in for LINE, a driver, a ledger, real processes, and two bots to compare with."""
