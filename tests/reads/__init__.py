"""Tests of the log of reads."""
