"""What a decision's page shows around the text its author wrote."""
