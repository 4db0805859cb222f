import bpy

settings = bpy.context.scene.greybox

settings.texture_size = "512"
settings.triangles = 5000
settings.fit = "inside"
