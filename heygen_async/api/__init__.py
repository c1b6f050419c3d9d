"""HeyGen's v3 API: one file a group, with its requests, its answers and its resource."""
