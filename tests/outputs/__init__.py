"""Tests of files that were handed out."""
