"""Tests of agreements and their proof."""
