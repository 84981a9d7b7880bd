"""Resolutions (Beschlüsse) of councils and boards on a cooperation, planned and taken."""
