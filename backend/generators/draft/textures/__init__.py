"""Our own texture functions: places on a surface in, colour, roughness, metallic and height out. No pictures
shipped."""
