"""10. File > New, disabling and enabling leave nothing behind: no timers, handlers, classes, threads, sockets."""

import gc
import sys
import threading
import types

import bpy

from .. import addon, window


def play(record):
    yield from window.new_file()
    yield 1.5
    sockets = addon.open_sockets()
    addon.real()
    addon.add("Stool")
    yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.results() and not addon.session().busy, 120, "one asset")
    yield from window.new_file()
    record.check(not addon.results(), "the new file is empty")
    yield from addon.leave()
    modules = [module for name, module in sys.modules.items() if name.startswith(addon.PACKAGE)]
    timers = [f for f in functions(modules) if bpy.app.timers.is_registered(f)]
    bpy.ops.preferences.addon_disable(module=addon.PACKAGE)
    yield window.DRAWN
    left = [f.__name__ for f in functions(modules) if bpy.app.timers.is_registered(f)]
    record.check(not left, f"timers: {left}")
    left = [f"{f.__module__}.{f.__name__}" for f in handlers() if "greybox" in (getattr(f, "__module__", "") or "")]
    record.check(not left, f"handlers: {left}")
    left = [name for name in dir(bpy.types) if name.startswith("GREYBOX")]
    record.check(not left, f"classes: {left}")
    record.check(not hasattr(bpy.types.Scene, "greybox"), "the scene's properties are gone")
    left = [thread.name for thread in threading.enumerate() if "greybox" in thread.name]
    record.check(not left, f"threads: {left}")
    gc.collect()
    record.check(addon.open_sockets() <= sockets, f"{addon.open_sockets()} sockets are open, {sockets} were before")
    record.check(not addon.children(), f"processes: {addon.children()}")
    yield from window.look("s10_disabled")
    bpy.ops.preferences.addon_enable(module=addon.PACKAGE)
    yield from window.new_file()
    yield from window.find("greybox.generate")
    record.figure("left behind", f"nothing ({len(timers)} timers, {sockets} sockets before)")


def functions(modules):
    return [f for module in modules for f in vars(module).values() if isinstance(f, types.FunctionType)]


def handlers():
    lists = [value for name in dir(bpy.app.handlers) if isinstance(value := getattr(bpy.app.handlers, name), list)]
    return [function for one in lists for function in one]
