"""What the processes say to each other. Imports neither torch nor bpy."""
