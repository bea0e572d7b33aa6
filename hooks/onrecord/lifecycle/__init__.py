"""What follows from one record: its status, stages, gates, handoffs and readiness."""
