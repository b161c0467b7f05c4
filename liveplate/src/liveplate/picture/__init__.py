"""All states together: elements, what varies, SVG, colours."""
