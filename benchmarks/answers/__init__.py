"""The same story, told in four ways: a menu; whatever is pressed is read back, and goodbye."""
