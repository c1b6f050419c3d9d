"""Files on their way to HeyGen and from there, and what they say about themselves."""
