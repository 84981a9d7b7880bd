"""What people were told about their data when they gave them (Article 13 GDPR), word for word."""
