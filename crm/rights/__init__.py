"""What people asked about their data (Articles 15 to 21 GDPR), until when, and what was done."""
