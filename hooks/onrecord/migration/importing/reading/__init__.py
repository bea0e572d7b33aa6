"""What a foreign file says: its outline, format, status, days and title."""
