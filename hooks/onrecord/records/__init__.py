"""What a record is, and how a file becomes one."""
