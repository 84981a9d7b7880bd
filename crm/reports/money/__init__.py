"""Reports on grants, applications and savings."""
