"""What the site says of itself to machines and to everybody: robots, sitemap, security.txt, help, embeds, the offline page."""
