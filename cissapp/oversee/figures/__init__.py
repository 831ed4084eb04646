"""What is counted of regions and countries, now and in each month, and which small figures are hidden."""
