import bpy

settings = bpy.context.scene.greybox

settings.texture_size = "2048"
settings.triangles = 200000
settings.fit = "inside"
