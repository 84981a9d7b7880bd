"""Where Kommunen lie: borders, neighbours, the locator map."""
