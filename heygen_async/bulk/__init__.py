"""Many videos in one run: rows in, outcomes out, each paid for once."""
