"""Materials: what the centre writes and collects, in versions, with the copies that lie in stock."""
