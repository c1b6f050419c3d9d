"""What HeyGen delivers: checked, read, received, and handed on to whoever waits."""
