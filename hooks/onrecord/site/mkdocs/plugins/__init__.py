"""Other plugins that build the same site: what they need of us, and a site in several languages."""
