"""Tests of silent contacts."""
