"""What legs are made of that sound: samples, voices, the page of a browser."""
