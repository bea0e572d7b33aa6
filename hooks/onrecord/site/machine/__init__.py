"""What the site gives to machines: records.json, llms.txt, feeds, redirects."""
