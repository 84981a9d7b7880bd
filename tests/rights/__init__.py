"""Tests of the rights of persons."""
