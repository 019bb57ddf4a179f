"""What to say: one event in, messages out. Nothing is sent from here."""
