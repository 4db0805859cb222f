"""What the live condition costs in a Blender window: 50 boxes, one of which moves before every redraw.

Runs inside Blender's window, like tests/journeys/window.py; prints milliseconds and quits:

    shared/gui/run.sh sid tests/benchmarks/condition_overlay.py OUT dist/greybox-*-linux_x64.zip

The callback's own time is what Blender's main thread pays; where a processor plays the GPU, drawing comes on top.
"""

import importlib
import os
import statistics
import time
import traceback

import bpy

COUNT, FRAMES = 50, 30
addon = importlib.import_module("bl_ext.user_default.greybox.blender_addon")
boxes = importlib.import_module(f"{addon.__name__}.boxes")
framing = importlib.import_module(f"{addon.__name__}.framing")
condition_overlay = importlib.import_module(f"{addon.__name__}.condition_overlay")


def view():
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return bpy.context.temp_override(window=window, area=area, region=region)


def layout():
    scene = bpy.context.scene
    for obj in list(scene.objects):
        bpy.data.objects.remove(obj)
    for index in range(COUNT):
        place = (index % 10 * 1.5, index // 10 * 1.5, 0.0)
        boxes.add_box(scene, f"Chair {index}", "oak chair", place, (0.6, 0.6, 0.5 + index % 7 * 0.2))
    with view():
        framing.frame_boxes(bpy.context)
        bpy.context.region_data.view_perspective = "CAMERA"


def redraws(scene, moving):
    """(wall, CPU of this thread) in ms of each of FRAMES redraws."""
    box = boxes.all_boxes(scene)[COUNT // 2]
    times = []
    for frame in range(FRAMES):
        if moving:
            box.location.x += 0.01 if frame % 2 else -0.01
            bpy.context.view_layer.update()
        wall, cpu = time.perf_counter(), time.thread_time()
        bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=1)
        times.append(((time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000))
    return [statistics.median(column) for column in zip(*times, strict=True)]


def measure():
    scene = bpy.context.scene
    layout()
    redraws(scene, False)
    off = redraws(scene, True)
    scene.greybox.condition_overlay = True
    redraws(scene, True)  # shaders are compiled
    costs = []

    def timed():
        wall, cpu = time.perf_counter(), time.thread_time()
        condition_overlay.draw()
        costs.append(((time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000))

    condition_overlay.unregister()
    handle = bpy.types.SpaceView3D.draw_handler_add(timed, (), "WINDOW", "POST_PIXEL")
    redraws(scene, True)
    overlay = condition_overlay.overlay_of(scene)
    costs.clear()
    on = redraws(scene, True)
    wall, cpu = (statistics.median(column) for column in zip(*costs, strict=True))
    costs.clear()
    still = redraws(scene, False)
    quiet = statistics.median(cpu for _, cpu in costs)
    bpy.types.SpaceView3D.draw_handler_remove(handle, "WINDOW")
    part = overlay.costs
    print(f"{COUNT} boxes, {bpy.app.version_string}, {condition_overlay.renderer()}")
    print(f"callback while a box moves: {cpu:.1f} ms CPU of the main thread, {wall:.1f} ms wall")
    print(f"  of it reading {part.read:.1f}, arrays {part.geometry:.1f}, handing over {part.draw:.1f} ms")
    print(f"callback while nothing moves: {quiet:.2f} ms CPU")
    print(f"whole window: {off[0]:.0f} ms without it, {on[0]:.0f} moving, {still[0]:.0f} still", flush=True)


def run():
    try:
        measure()
        os._exit(0)
    except Exception:
        traceback.print_exc()
        os._exit(3)


if __name__ == "__main__":
    bpy.app.timers.register(run, first_interval=1.0)
