"""What is deployed: Offhook's own template, and what another lacks."""
