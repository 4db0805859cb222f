import bpy

settings = bpy.context.scene.greybox

settings.texture_size = "1024"
settings.triangles = 40000
settings.fit = "inside"
