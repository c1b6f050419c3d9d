"""People who do not exist, drawn from a seed: stand-ins for HeyGen's public avatars. Needs Pillow."""
