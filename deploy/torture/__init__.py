"""What deploy/campaign does to a gateway, and how it looks at what is left."""
