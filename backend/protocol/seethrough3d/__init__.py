"""What a layout looks like to SeeThrough3D: shared by its renderer, its generator and the add-on's live overlay.

NumPy at most: no torch, no bpy.
"""
