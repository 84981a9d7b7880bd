"""Tests of what people were told."""
