"""The process that accepts jobs and never dies of them. Imports neither torch nor bpy nor numpy."""
