"""The command line, and how a run shows itself there. It needs the extra ``[cli]``."""
