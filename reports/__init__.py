"""What people read: the circular with its annexes, and the summary. Reads the published file only."""
