"""What builds the same site beside us: other plugins, a site in several languages, diagrams."""
